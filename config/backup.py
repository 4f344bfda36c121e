"""The whole site in one file: a tar archive of database, media and manifest, and behind it one line that seals it.

The manifest comes last and has the SHA-256 of every other member. The line has the one of all that stands before it, so
that no byte of the file can change unnoticed. `tar` ignores it.
"""

import fcntl
import json
import os
import platform
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config import snapshots
from config.snapshots import BackupError

FORMAT = 1
DATABASE, MEDIA, MANIFEST = "database", "media", "manifest.json"
NAME = re.compile(r"tumen-\d{4}-\d\d-\d\dT\d{6}Z\.tar")
UNFINISHED = ".unfinished-"
CHUNK = 1_000_000  # bytes
SEAL = "sha256 {}\n"
SEAL_LENGTH = len(SEAL.format("0" * 64))  # bytes
DAMAGED = "The backup is damaged: {}."


@dataclass(frozen=True, slots=True)
class Member:
    sha256: str  # in hex
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    made_at: str  # ISO 8601, UTC
    engine: str  # the database's, as Django calls it
    versions: dict[str, str]
    migrations: list[list[str]]  # [app, name] of each that was applied
    tables: list[str]
    members: dict[str, Member]


class Hashed:
    """A file that is written or read from its beginning, and the hash of what went through."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = sha256()
        self.size = 0  # bytes

    def write(self, data: bytes) -> int:
        self.add(data)
        return self.file.write(data)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.add(data)
        return data

    def add(self, data: bytes) -> None:
        self.digest.update(data)
        self.size += len(data)

    @property
    def member(self) -> Member:
        return Member(self.digest.hexdigest(), self.size)


def make(folder: Path, *, keep: int) -> Path:
    """A new backup in the folder, and the oldest ones gone when there are more than `keep`. Raises BackupError."""
    refuse_public(folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    with alone_in(folder), TemporaryDirectory(prefix=UNFINISHED, dir=folder) as scratch:
        now = timezone.now()
        unfinished = write(Path(scratch), made_at=now.isoformat(timespec="seconds"))
        done = unfinished.replace(folder / f"tumen-{now:%Y-%m-%dT%H%M%SZ}.tar")
        snapshots.sync(folder)
        rotate(folder, keep)
    return done


def refuse_public(folder: Path) -> None:
    for public in (settings.MEDIA_ROOT, settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        if folder.resolve().is_relative_to(Path(public).resolve()):
            raise BackupError(f"{folder} lies in {public}, where the whole world could fetch the backup.")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else writes a backup there meanwhile, so what is unfinished was left by one that was killed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        lock(descriptor, folder)
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(descriptor)


def lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BackupError(f"Another backup is being written into {folder}.") from error


def write(scratch: Path, *, made_at: str) -> Path:
    """The file, whole and on the disk. The database comes first: of a picture it knows, the files are never missing."""
    path = scratch / "backup.tar"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        output = Hashed(file)
        with tarfile.open(fileobj=cast("IO[bytes]", output), mode="w|", format=tarfile.PAX_FORMAT) as archive:
            write_members(archive, scratch, made_at)
        file.write(SEAL.format(output.member.sha256).encode())
        file.flush()
        os.fsync(file.fileno())
    return path


def write_members(archive: tarfile.TarFile, scratch: Path, made_at: str) -> None:
    migrations = sorted(MigrationRecorder(connection).applied_migrations())
    snapshots.take(scratch / DATABASE)
    members = {DATABASE: add(archive, DATABASE, scratch / DATABASE)}
    (scratch / DATABASE).unlink()
    for name, file in media_files():
        with suppress(FileNotFoundError):  # deleted meanwhile
            members[name] = add(archive, name, file)
    versions = {"django": django.get_version(), "python": platform.python_version(), "database": database_version()}
    tables = connection.introspection.table_names()
    manifest = Manifest(
        FORMAT, made_at, connection.vendor, versions, [list(one) for one in migrations], tables, members
    )
    data = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    archive.addfile(described(MANIFEST, len(data)), BytesIO(data))


def media_files() -> Iterator[tuple[str, Path]]:
    """Each file with its name in the archive."""
    for folder, _, names in os.walk(settings.MEDIA_ROOT):
        for file in (Path(folder, name) for name in sorted(names)):
            if file.is_file() and not file.is_symlink():
                yield f"{MEDIA}/{file.relative_to(settings.MEDIA_ROOT).as_posix()}", file


def add(archive: tarfile.TarFile, name: str, path: Path) -> Member:
    with path.open("rb") as file:
        source = Hashed(file)
        archive.addfile(described(name, os.fstat(file.fileno()).st_size), source)
    return source.member


def described(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(timezone.now().timestamp())
    return info


def database_version() -> str:
    return ".".join(map(str, connection.get_database_version()))


def rotate(folder: Path, keep: int) -> None:
    made = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    for old in made[:-keep]:
        old.unlink()


def check(path: Path) -> Manifest:
    """Read all of the file. Raises BackupError if anything in it is not as it was written."""
    check_seal(path)
    found: dict[str, Member] = {}
    told = b""
    with opened(path) as archive:
        for info in archive:
            refuse_member(info, known=found)
            file = archive.extractfile(info)
            if info.name == MANIFEST and file:
                told = file.read()
            elif file:
                found[info.name] = hash_of(file).member
    manifest = parsed(told)
    if manifest.members != found or DATABASE not in found:
        raise BackupError(DAMAGED.format("its members are not those that its manifest names"))
    return manifest


def check_seal(path: Path) -> None:
    with path.open("rb") as file:
        length = os.fstat(file.fileno()).st_size - SEAL_LENGTH
        if length <= 0:
            raise BackupError(DAMAGED.format("it was cut short"))
        body = hash_of(file, length)
        if file.read() != SEAL.format(body.member.sha256).encode():
            raise BackupError(DAMAGED.format("its content does not match its checksum"))


def hash_of(file: IO[bytes], length: int | None = None) -> Hashed:
    source = Hashed(file)
    while source.read(CHUNK if length is None else min(CHUNK, length - source.size)):
        pass
    return source


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as archive:
            yield archive
    except tarfile.TarError as error:
        raise BackupError(DAMAGED.format(f"it is no tar archive ({error})")) from error


def refuse_member(info: tarfile.TarInfo, *, known: dict[str, Member]) -> None:
    """Nothing may be unpacked anywhere but below the folder of media, and nothing twice."""
    parts = PurePosixPath(info.name).parts
    is_ours = info.name in {DATABASE, MANIFEST} or (parts[:1] == (MEDIA,) and len(parts) > 1)
    is_plain = info.isreg() and not info.issparse() and ".." not in parts and "/".join(parts) == info.name
    if not is_ours or not is_plain or info.name in known:
        raise BackupError(DAMAGED.format(f"“{info.name}” does not belong into it"))


def parsed(told: bytes) -> Manifest:
    try:
        fields: dict[str, Any] = json.loads(told)
        if fields["format"] != FORMAT:
            raise BackupError(
                f"The backup has the format {fields['format']}, which this version of Tumen does not know."
            )
        members = {name: Member(**member) for name, member in fields.pop("members").items()}
        return Manifest(**fields, members=members)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(DAMAGED.format("its manifest cannot be read")) from error
