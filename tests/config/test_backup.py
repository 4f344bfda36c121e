"""A backup has all that was acknowledged before it began, and makes a site of it again; a damaged one is refused."""

import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from queue import Queue
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from config import backup, snapshots
from config.backup import SEAL, Member, check, make
from posts.models import Post
from tests.factories import make_comment, make_media, make_post

pytestmark = pytest.mark.django_db

MANAGE = [sys.executable, str(site_settings.BASE_DIR / "manage.py")]
VISIT = """
import json
from django.test import Client
from comments.models import Comment
from posts.models import Media, Post
post, client = Post.objects.get(), Client()
pages = [post.get_absolute_url(), Media.objects.get().url, "/"]
statuses = [client.get(page, secure=True, headers={"host": "127.0.0.1"}).status_code for page in pages]
print(json.dumps([statuses, list(Comment.objects.values_list("pk", flat=True))]))
"""
Site = dict[str, str]  # the environment of its commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """Another site on the same kind of database, without any tables yet."""
    media = {"MEDIA_ROOT": str(tmp_path / "restored" / "media")}
    if connection.vendor == "sqlite":
        yield os.environ | media | {"DATABASE_URL": f"sqlite:///{tmp_path / 'restored' / 'db.sqlite3'}"}
        return
    told, name = connection.settings_dict, f"restored_{os.getpid()}"
    address = f"postgres://{quote(told['USER'])}:{quote(told['PASSWORD'])}@{told['HOST']}:{told['PORT']}/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield os.environ | media | {"DATABASE_URL": address}
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*MANAGE, *arguments], env=site, capture_output=True, text=True, check=False)


def restored(site: Site, *arguments: str) -> str:
    """What `restore` says. It has to succeed."""
    done = manage(site, "restore", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(path: Path, **options: Any) -> str:
    """The sentence with which `restore` refuses the file."""
    with pytest.raises(CommandError) as error:
        call_command("restore", str(path), **options)
    return str(error.value)


def sealed(path: Path, archive: bytes) -> Path:
    path.write_bytes(archive + SEAL.format(sha256(archive).hexdigest()).encode())
    return path


def forged(path: Path, change: Callable[[dict[str, Any]], object], *, member: str = "", kind: bytes = b"0") -> Path:
    """The backup with another manifest, or one more member, and with everything that can be made to match matching."""
    data = BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=data, mode="w") as new:
        for info in old:
            source = old.extractfile(info)
            assert source
            content = source.read()
            if info.name == backup.MANIFEST:
                manifest = json.loads(content)
                if member:
                    extra = tarfile.TarInfo(member)
                    extra.type, extra.size, extra.linkname = kind, 1 if kind == b"0" else 0, "/etc/passwd"
                    new.addfile(extra, BytesIO(b"x"))
                    manifest["members"][member] = {"sha256": sha256(b"x").hexdigest(), "size": 1}
                change(manifest)
                content = json.dumps(manifest).encode()
                info.size = len(content)
            new.addfile(info, BytesIO(content))
    return sealed(path.with_name("forged.tar"), data.getvalue())


@contextmanager
def comments_arriving(post: Post) -> Iterator["Queue[int]"]:
    """Comments are written all the time by somebody else; each one's key is told when it is acknowledged."""
    acknowledged: Queue[int] = Queue()
    stop = Event()

    def write() -> None:
        while not stop.is_set():
            acknowledged.put(make_comment(post=post).pk)
        connection.close()

    writer = Thread(target=write)
    writer.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        writer.join()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_drill_nothing_acknowledged_is_lost_and_the_restored_site_serves(folder: Path, empty_site: Site) -> None:
    post = make_post(cover=make_media())
    with comments_arriving(post) as acknowledged:
        before = {acknowledged.get(timeout=60) for _ in range(5)}
        path = make(folder, keep=1)
        acknowledged.get(timeout=60)  # nobody was kept from writing
    assert "is restored" in restored(empty_site, str(path))
    statuses, kept = json.loads(manage(empty_site, "shell", "--no-imports", "-c", VISIT).stdout)
    assert statuses == [200, 200, 200]
    assert before <= set(kept)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_was_there_is_replaced_whole_and_only_when_that_is_said(folder: Path, empty_site: Site) -> None:
    make_post(slug="first", cover=make_media())
    path = make(folder, keep=1)
    restored(empty_site, str(path))
    media = Path(empty_site["MEDIA_ROOT"])
    pictures = {file.name: file.read_bytes() for file in media.iterdir()}
    (media / "later.webp").touch()
    next(media.glob("*[0-9a-f].webp")).unlink()
    log = media.parent / "db.sqlite3-wal"
    if connection.vendor == "sqlite":
        log.write_bytes(b"what SQLite would take for a part of the new database")
    manage(empty_site, "shell", "-c", "from posts.models import Post; Post.objects.update(slug='changed')")
    again = manage(empty_site, "restore", str(path))
    assert again.returncode == 1
    assert again.stderr == "CommandError: There is a site already; --replace restores the backup in its place.\n"
    restored(empty_site, "--replace", str(path))
    slug = manage(
        empty_site, "shell", "--no-imports", "-c", "from posts.models import Post; print(Post.objects.get().slug)"
    )
    assert slug.stdout == "first\n"
    assert {file.name: file.read_bytes() for file in media.iterdir()} == pictures
    assert not log.exists()


@contextmanager
def in_use(site: Site) -> Iterator[None]:
    """Somebody else has the site's database open."""
    if connection.vendor == "postgresql":
        with connection.Database.connect(site["DATABASE_URL"]):
            yield
        return
    file = Path(site["DATABASE_URL"].removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True)
    with file.open("w") as opened, subprocess.Popen(["cat"], stdin=subprocess.PIPE, stderr=opened):
        yield


def test_a_site_that_runs_is_not_replaced(folder: Path, empty_site: Site) -> None:
    path = make(folder, keep=1)
    with in_use(empty_site):
        done = manage(empty_site, "restore", "--replace", str(path))
    assert done.returncode == 1
    assert re.fullmatch(r"CommandError: The site is running \(.+\): please stop it first\.\n", done.stderr)


def test_nothing_is_restored_while_old_pages_cannot_be_dropped(folder: Path, empty_site: Site) -> None:
    make_media()
    done = manage(empty_site | {"CACHE_URL": "redis://127.0.0.1:1/0"}, "restore", str(make(folder, keep=1)))
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The backup was not restored: Redis does not answer: ")
    assert not list(Path(empty_site["MEDIA_ROOT"]).iterdir())


def test_a_whole_backup_passes_the_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_media()
    call_command("backup", str(folder))
    [path] = folder.iterdir()
    assert capsys.readouterr().out.startswith(str(path))
    call_command("restore", str(path), check=True)
    assert capsys.readouterr().out.endswith("is whole: the database and 2 files of media.\n")


def test_the_manifest_says_what_is_in_it(folder: Path) -> None:
    picture = make_media()
    manifest = check(make(folder, keep=1))
    content = (site_settings.MEDIA_ROOT / picture.name).read_bytes()
    assert manifest.members[f"media/{picture.name}"] == Member(sha256(content).hexdigest(), len(content))
    assert manifest.engine == connection.vendor
    assert ["posts", "0001_initial"] in manifest.migrations
    assert set(manifest.versions) == {"django", "python", "database"}


def test_any_flipped_byte_is_refused(folder: Path) -> None:
    make_media()
    path = make(folder, keep=1)
    data = path.read_bytes()
    with tarfile.open(path) as archive:
        members = archive.getmembers()
    starts = [
        place for info in members for place in (info.offset, info.offset + 200, info.offset + 500, info.offset_data)
    ]
    padding = [info.offset_data + info.size for info in members]
    for place in [*starts, *padding, len(data) - 1000, len(data) - 71, len(data) - 1]:
        flipped = bytearray(data)
        flipped[place] ^= 1
        path.write_bytes(flipped)
        assert refused(path, check=True) == "The backup is damaged: its content does not match its checksum."


@pytest.mark.parametrize("length", [0, 71, 73, 5000, -1])
def test_a_backup_that_was_cut_is_refused(folder: Path, length: int) -> None:
    path = make(folder, keep=1)
    path.write_bytes(path.read_bytes()[:length])
    assert refused(path).startswith("The backup is damaged: ")


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    assert refused(sealed(tmp_path / "x.tar", b"a" * 2000)).startswith("The backup is damaged: it is no tar archive")
    assert refused(tmp_path / "nowhere.tar") == "The backup was not restored: No such file or directory."


@pytest.mark.parametrize(
    "name", ["media/../../x", "../x", "/etc/x", "media//x", "./media/x", "media", "x", "media/a/../b"]
)
def test_a_member_with_a_name_that_leads_elsewhere_is_refused(folder: Path, name: str) -> None:
    path = forged(make(folder, keep=1), lambda manifest: None, member=name)
    assert refused(path, check=True) == f"The backup is damaged: “{name}” does not belong into it."


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_a_member_that_is_no_file_is_refused(folder: Path, kind: bytes) -> None:
    path = forged(make(folder, keep=1), lambda manifest: None, member="media/x", kind=kind)
    assert "“media/x” does not belong into it" in refused(path, check=True)


def test_a_member_that_is_not_as_the_manifest_says_is_refused(folder: Path) -> None:
    path = make(folder, keep=1)
    wrong = forged(path, lambda manifest: manifest["members"]["database"].update(size=1))
    assert "not those that its manifest names" in refused(wrong, check=True)
    assert "its manifest cannot be read" in refused(forged(path, lambda manifest: manifest.pop("members")), check=True)


def test_what_another_version_made_is_refused(folder: Path) -> None:
    path = make(folder, keep=1)
    newer = forged(path, lambda manifest: manifest["migrations"].append(["posts", "9999_later"]))
    assert refused(newer) == (
        "The backup was made by a newer version of Tumen: there is no migration posts.9999_later here."
    )
    assert refused(forged(path, lambda manifest: manifest.update(format=2))) == (
        "The backup has the format 2, which this version of Tumen does not know."
    )
    assert refused(forged(path, lambda manifest: manifest.update(engine="oracle"))) == (
        f"The backup is of a oracle database, and DATABASE_URL names a {connection.vendor} one."
    )


def test_a_backup_is_for_its_owner_only(folder: Path) -> None:
    path = make(folder, keep=1)
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_only_the_newest_are_kept_and_nothing_else_is_deleted(folder: Path) -> None:
    folder.mkdir()
    (folder / "tumen-notes.tar").touch()
    (folder / ".unfinished-killed").mkdir()
    for day in range(1, 5):
        with time_machine.travel(f"2026-11-0{day} 03:00:00Z", tick=False):
            call_command("backup", str(folder), keep=2, stdout=StringIO())
    assert sorted(path.name for path in folder.iterdir()) == [
        "tumen-2026-11-03T030000Z.tar",
        "tumen-2026-11-04T030000Z.tar",
        "tumen-notes.tar",
    ]


def test_a_failed_backup_leaves_nothing_and_deletes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = make(folder, keep=1)

    def full(target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots, "take", full)
    with pytest.raises(CommandError, match=r"^The backup was not made: No space left on device\.$"):
        call_command("backup", str(folder), keep=1)
    assert list(folder.iterdir()) == [kept]


def test_two_backups_do_not_write_into_one_folder_at_once(folder: Path) -> None:
    folder.mkdir()
    with backup.alone_in(folder), pytest.raises(CommandError, match=r"^Another backup is being written into .*\.$"):
        call_command("backup", str(folder))


def test_a_folder_that_readers_reach_is_refused(settings: Settings) -> None:
    for public in (settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.BASE_DIR / "static"):
        with pytest.raises(CommandError, match=r"the whole world could fetch the backup\.$"):
            call_command("backup", str(public / "backups"))


def test_a_process_that_has_the_database_open_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite3"
    file.touch()
    assert snapshots.users_of(file) == []
    with file.open() as opened, subprocess.Popen(["cat"], stdin=subprocess.PIPE, stderr=opened) as other:
        assert snapshots.users_of(file) == [other.pid]


def test_the_password_is_no_argument(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen: list[Any] = []

    def run(command: list[str], *, env: dict[str, str], **options: Any) -> subprocess.CompletedProcess[str]:
        seen.append((command, env))
        return subprocess.CompletedProcess(command, 0, "", "")

    told = {"NAME": "tumen", "USER": "mina", "PASSWORD": "secret-word", "HOST": "db.example", "PORT": 5432}
    monkeypatch.setattr(snapshots.subprocess, "run", run)
    monkeypatch.setattr(snapshots, "program", str)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    for name, value in told.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    snapshots.run("pg_dump", f"--file={tmp_path / 'x'}")
    [(command, env)] = seen
    assert not any("secret-word" in argument for argument in command)
    assert (env["PGPASSWORD"], env["PGHOST"], env["PGPORT"], env["PGDATABASE"]) == (
        "secret-word",
        "db.example",
        "5432",
        "tumen",
    )
