"""A cache that does without Redis while it does not answer. How a site fares then is tried in tests/faults/."""

import logging
from collections.abc import Iterator

import pytest

from config import cache as module
from config.cache import PAUSE, RedisCache

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def pause() -> Iterator[None]:
    """None before, and none afterwards."""
    RedisCache.pause_until = 0.0
    yield
    RedisCache.pause_until = 0.0


def test_without_an_answer_nothing_is_found_and_nothing_fails() -> None:
    cache = RedisCache(NOWHERE, {})
    assert cache.get("page", "none") == "none"
    assert cache.add("page", "x") is False
    cache.set("page", "x")
    assert cache.get_or_set("page", lambda: "made") == "made"


def test_who_relies_on_an_empty_cache_is_told() -> None:
    with pytest.raises(OSError, match="Redis does not answer"):
        RedisCache(NOWHERE, {}).clear()


def test_a_server_that_failed_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 1000.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    with caplog.at_level(logging.WARNING, "config.cache"):
        for _thread in range(3):
            RedisCache(NOWHERE, {}).get("page")
        assert len(caplog.records) == 1
        now += PAUSE
        RedisCache(NOWHERE, {}).get("page")
        assert len(caplog.records) == 2
