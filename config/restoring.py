"""A backup in the place of what the site has: its database, its media, and then what the database lacks since."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from comments.models import Comment
from config import backup, snapshots
from config.backup import Manifest
from config.snapshots import BackupError
from posts.models import Media, Page, Post

UNPACKED = ".restoring-"


def restore(path: Path, *, replace: bool) -> Manifest:
    """Raises BackupError, before anything is changed, where the backup does not fit or would overwrite a site.

    Likewise OSError where the cache does not answer.
    """
    manifest = backup.check(path)
    refuse_unfit(manifest)
    refuse_running()
    for folder in filter(None, (settings.MEDIA_ROOT, database_folder())):
        folder.mkdir(parents=True, exist_ok=True)
    if not replace:
        refuse_occupied()
    cache.clear()
    put_in_place(path, manifest)
    call_command("migrate", interactive=False, verbosity=0)
    Session.objects.all().delete()  # some have ended since, and would live again
    return manifest


def refuse_unfit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"The backup is of a {manifest.engine} database, and DATABASE_URL names a {connection.vendor} one."
        )
    unknown = {(app, name) for app, name in manifest.migrations} - set(MigrationLoader(None).disk_migrations)
    if unknown:
        app, name = min(unknown)
        raise BackupError(f"The backup was made by a newer version of Tumen: there is no migration {app}.{name} here.")


def refuse_running() -> None:
    """What others write meanwhile would be lost with the old database, or mix with the new one."""
    if users := snapshots.other_users():
        raise BackupError(f"The site is running ({users[0]}): please stop it first.")


def refuse_occupied() -> None:
    try:
        tables = connection.introspection.table_names()
        filled = any(
            model._meta.db_table in tables and model._base_manager.exists()
            for model in (User, Post, Page, Media, Comment)
        )
    except DatabaseError as error:
        raise BackupError("The database cannot be read; --replace restores the backup in its place.") from error
    if filled or any(backup.media_files()):
        raise BackupError("There is a site already; --replace restores the backup in its place.")


def put_in_place(path: Path, manifest: Manifest) -> None:
    """New pictures come before the database that knows them, and old ones go after the one that knew them."""
    with (
        TemporaryDirectory(prefix=UNPACKED, dir=settings.MEDIA_ROOT) as media,
        TemporaryDirectory(prefix=UNPACKED, dir=database_folder()) as database,
    ):
        unpack(path, Path(media), Path(database))
        snapshots.examine(Path(database, backup.DATABASE))
        for name in manifest.members.keys() - {backup.DATABASE}:
            move(Path(media, name), media_path(name))
        snapshots.put_back(Path(database, backup.DATABASE), manifest.tables)
    for name, file in list(backup.media_files()):
        if name not in manifest.members:
            file.unlink()


def database_folder() -> Path | None:
    """Where the new database is unpacked, so that it can take the old one's place at once."""
    return snapshots.sqlite_file().parent if connection.vendor == "sqlite" else None


def unpack(path: Path, media: Path, database: Path) -> None:
    """By names that were checked, and never by what tar itself would do with them."""
    with backup.opened(path) as archive:
        for info in archive:
            source = archive.extractfile(info)
            if source and info.name != backup.MANIFEST:
                target = (database if info.name == backup.DATABASE else media) / info.name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    shutil.copyfileobj(source, file, backup.CHUNK)
                    file.flush()
                    os.fsync(file.fileno())


def move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def media_path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT, name.removeprefix(f"{backup.MEDIA}/"))
