import datetime
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from pytest_django import Settings

from comments import daily_key as module
from comments.daily_key import KEY_LENGTH, daily_key

SHM = Path("/dev/shm")  # noqa: S108 its own folder in it
LATE = datetime.datetime(2027, 3, 1, 23, 59, tzinfo=datetime.UTC)


class RedisCache(LocMemCache):
    """Has the name of the backend that makes the key a matter of the cache."""


@pytest.fixture(autouse=True)
def process(settings: Settings) -> None:
    """No Redis, and no memory that processes share."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def redis(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.RedisCache"}}


@pytest.fixture
def memory(settings: Settings) -> Iterator[Path]:
    """A folder of its own in the machine's memory."""
    if not SHM.is_mount():
        pytest.skip(f"this machine has no {SHM}")
    settings.MEMORY_DIR = Path(tempfile.mkdtemp(dir=SHM, prefix="tumen-test-"))
    yield settings.MEMORY_DIR / f"tumen-{os.getuid()}"
    shutil.rmtree(settings.MEMORY_DIR)


@pytest.fixture(params=["memory", "process", "redis"])
def anywhere(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(request.param)


@pytest.mark.usefixtures("anywhere")
def test_key_is_the_same_all_day_and_another_after_midnight_utc() -> None:
    with time_machine.travel(LATE, tick=False) as clock:
        today = daily_key()
        assert daily_key() == today
        assert len(today) == KEY_LENGTH
        clock.shift(120)
        assert daily_key() != today


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("anywhere", ["memory", "process"], indirect=True)
def test_key_of_a_day_that_is_over_is_gone() -> None:
    with time_machine.travel(LATE, tick=False) as clock:
        first = daily_key()
        clock.shift(datetime.timedelta(days=2))
        daily_key()
        clock.shift(datetime.timedelta(days=-2))
        assert daily_key() != first


@pytest.mark.usefixtures("redis")
def test_redis_forgets_the_key_within_two_days() -> None:
    with time_machine.travel(LATE, tick=False) as clock:
        daily_key()
        assert cache.get("key:2027-03-01")
        clock.shift(datetime.timedelta(days=1))
        assert cache.get("key:2027-03-01") is None


@pytest.mark.usefixtures("redis", "memory")
def test_while_redis_does_not_answer_its_key_of_the_day_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(LATE, tick=False):
        own = daily_key()
        cache.set("key:2027-03-01", bytes(KEY_LENGTH).hex())  # as if another machine had been the first to ask
        assert daily_key() == bytes(KEY_LENGTH) != own
        monkeypatch.setattr(module, "cache", DummyCache("", {}))
        assert daily_key() == bytes(KEY_LENGTH)


def test_first_to_ask_makes_the_key_and_the_others_wait_for_it(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(length: int) -> bytes:
        time.sleep(0.1)
        return os.urandom(length)

    monkeypatch.setattr(module, "token_bytes", slow)

    with ThreadPoolExecutor() as threads:
        keys = [threads.submit(daily_key) for _ in range(4)]

    assert len({key.result() for key in keys}) == 1


def test_only_todays_key_is_kept_and_only_its_owner_may_read_it(memory: Path) -> None:
    with time_machine.travel(LATE, tick=False) as clock:
        daily_key()
        clock.shift(120)
        daily_key()

    (file,) = memory.iterdir()
    assert file.name == "2027-03-02.key"
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert oct(memory.stat().st_mode & 0o777) == "0o700"


def test_key_that_was_half_written_is_written_again(memory: Path) -> None:
    daily_key()
    (file,) = memory.iterdir()
    file.write_bytes(b"half")

    assert daily_key() == file.read_bytes()
    assert len(file.read_bytes()) == KEY_LENGTH


def test_no_key_is_written_to_a_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(settings.MEMORY_DIR)
    monkeypatch.setattr(module, "_is_in_memory", lambda directory: False)

    assert daily_key() == daily_key()
    assert list(folder.iterdir()) == []


def test_disk_is_told_from_memory(memory: Path) -> None:
    assert module._is_in_memory(memory.parent)
    assert not module._is_in_memory(Path(module.__file__).parent)


@pytest.mark.parametrize("spoil", ["open", "link"])
def test_folder_that_others_may_have_prepared_is_not_used(memory: Path, tmp_path: Path, spoil: str) -> None:
    if spoil == "open":
        memory.mkdir()
        memory.chmod(0o755)
    else:
        memory.symlink_to(tmp_path)

    assert daily_key() == daily_key()
    assert list(memory.iterdir()) == []


def test_machine_without_such_memory_still_has_a_key(settings: Settings) -> None:
    settings.MEMORY_DIR = Path("/no/such/folder")

    assert daily_key() == daily_key()
