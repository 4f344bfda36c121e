"""A key for one UTC day that lives in memory only.

What is made with it (a source, a receipt) can be compared for a day. Then the key is gone, and with it the only way to
tell the addresses behind: all four billion IPv4 addresses can be tried in minutes by whoever has key and digest.
"""

import fcntl
import os
import stat
from functools import lru_cache
from pathlib import Path
from secrets import token_bytes

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

KEY_LENGTH = 32  # bytes
CACHE_SECONDS = 24 * 60 * 60  # that Redis keeps a key; so it ends with the next day at the latest


def daily_key() -> bytes:
    """Today's key, the same in all processes of the site; asking for it destroys every earlier one."""
    day = timezone.now().date().isoformat()  # in UTC, whatever TIME_ZONE is
    own = _machines_key(day)
    if not settings.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        return own
    shared = bytes.fromhex(str(cache.get_or_set(f"key:{day}", own.hex(), CACHE_SECONDS)))
    return own if shared == own else _machines_key(day, told=shared)


def _machines_key(day: str, told: bytes = b"") -> bytes:
    """The key of this machine's processes: what they were told last, for while Redis does not answer, or one of it."""
    try:
        return _shared_key(_private_memory(), day, told)
    except OSError:  # rather a count for each process than a key on a disk, or no comments
        return told or _own_key(day)


@lru_cache(maxsize=1)
def _own_key(day: str) -> bytes:
    return token_bytes(KEY_LENGTH)


def _shared_key(directory: Path, day: str, told: bytes) -> bytes:
    file = directory / f"{day}.key"
    for other in directory.glob("*.key"):
        if other != file:
            other.unlink(missing_ok=True)
    with open(file, "r+b", opener=_create_private) as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)  # the first process writes, the others read what it wrote
        key = opened.read()
        if told or len(key) != KEY_LENGTH:
            key = told or token_bytes(KEY_LENGTH)
            opened.seek(0)
            opened.write(key)
        return key


def _create_private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _private_memory() -> Path:
    """A directory in memory that belongs to nobody else. Raises OSError where there is none."""
    base = Path(settings.MEMORY_DIR)
    directory = base / f"tumen-{os.getuid()}"
    if not _is_in_memory(base):
        raise NotADirectoryError(base)
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:  # a link is open to all, too
        raise PermissionError(directory)
    return directory


@lru_cache
def _is_in_memory(directory: Path) -> bool:
    """Whether Linux says that the directory is in a file system without a disk."""
    kinds = dict(line.split()[1:3] for line in Path("/proc/self/mounts").read_text().splitlines())
    resolved = directory.resolve()
    mounted_at = next(str(path) for path in (resolved, *resolved.parents) if str(path) in kinds)
    return kinds[mounted_at] in {"tmpfs", "ramfs"}
