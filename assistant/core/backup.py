"""Everything that cannot be made again, in one file: the database, uploads, users and one's own calibration.

The database is copied row by row into an SQLite file, whatever holds it, so that a backup of one profile can be
restored into the other, and an older one is migrated. The index is filled again from the database.
"""

import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from assistant.core import schema
from assistant.core.database import Database, utc
from assistant.core.errors import SettingsError
from assistant.core.settings import Settings
from assistant.core.storage import on_disk

_DATABASE = "database.sqlite"
_FILES = "files"
_UPLOADS, _USERS, _KEY = "uploads", "users.txt", "session.key"
_SINGLE = (_KEY, "calibration.toml")
_PRIVATE = 0o600
"""Of files with passwords, hashed, or the sessions' key: for their owner only."""
_ROWS = 500


def backup(settings: Settings, file: Path) -> int:
    """Write a backup while other processes may go on; returns the number of articles in it.

    Raises:
        SettingsError: The file is there already, its folder is not, or there is no archive.
        ServiceError: The database or a disk fails.
    """
    if file.exists() or not file.absolute().parent.is_dir():
        problem = "is there already" if file.exists() else "lies in a folder that is not there"
        raise SettingsError(f"{file} {problem}; name another file.")
    if not settings.data_dir.is_dir():
        raise SettingsError(f"There is no archive in {settings.data_dir}; set NEWS_DATA_DIR.")
    partial = file.with_name(file.name + ".partial")
    with TemporaryDirectory() as folder, on_disk(file.absolute().parent):
        copy = Path(folder) / _DATABASE
        n = _copied(Database(settings.database_url), Database(f"sqlite:///{copy}"))
        partial.unlink(missing_ok=True)
        partial.touch(mode=_PRIVATE)
        try:
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.write(copy, _DATABASE)
                for name, path in _files(settings):
                    packed.write(path, f"{_FILES}/{name}")
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    return n


def restore(settings: Settings, file: Path) -> int:
    """Read a backup into an empty archive; returns the number of articles.

    Raises:
        SettingsError: The file is no backup, or the archive is not empty.
        ServiceError: The database or a disk fails.
    """
    with TemporaryDirectory() as folder, on_disk(settings.data_dir.resolve().parent):
        unpacked = Path(folder)
        _unpack(file, unpacked)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        target = Database(settings.database_url)
        with target.connect() as db:
            tables = (schema.articles, schema.queue, schema.conversations)
            is_empty = not any(
                db.execute(select(func.count()).select_from(table)).scalar() for table in tables
            )
        if not is_empty or _has_others(settings.users_file, unpacked / _FILES / _USERS):
            raise SettingsError(
                "A backup is restored into an empty archive, and this one has articles, conversations or users: "
                "set NEWS_DATA_DIR or NEWS_DATABASE__URL to another."
            )
        _put_back(settings, unpacked / _FILES)
        return _copied(Database(f"sqlite:///{unpacked / _DATABASE}"), target, is_restored=True)


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files to keep, by their names in a backup."""
    uploads = settings.data_dir / _UPLOADS
    found = [(path.relative_to(settings.data_dir).as_posix(), path) for path in sorted(uploads.rglob("*"))]
    found += [(name, settings.data_dir / name) for name in _SINGLE]
    found.append((_USERS, settings.users_file))
    return ((name, path) for name, path in found if path.is_file())


def _has_others(users: Path, kept: Path) -> bool:
    """Whether there are users that are not those of a restore that was cut short."""
    return users.exists() and not (kept.exists() and kept.read_bytes() == users.read_bytes())


def _put_back(settings: Settings, files: Path) -> None:
    if not files.is_dir():
        return
    for name in (_USERS, _KEY):
        if (files / name).exists():
            (files / name).chmod(_PRIVATE)
    users = files / _USERS
    if users.exists():
        shutil.move(users, settings.users_file)
    shutil.copytree(files, settings.data_dir, dirs_exist_ok=True)


def _unpack(file: Path, folder: Path) -> None:
    """Unpack the database and the files of a backup, and nothing else that may be in it."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = [name for name in packed.namelist() if _is_ours(name)]
            if _DATABASE not in names:
                raise SettingsError(f"{file} is no backup of this program.")
            packed.extractall(folder, names)
    except (OSError, zipfile.BadZipFile) as exc:
        raise SettingsError(f"The backup {file} cannot be read: {exc}.") from exc


def _is_ours(name: str) -> bool:
    folder, _, rest = name.partition("/")
    parts = rest.split("/")
    is_file = parts[0] == _UPLOADS or rest in (_USERS, *_SINGLE)
    return name == _DATABASE or (folder == _FILES and is_file and ".." not in parts)


def _copied(source: Database, target: Database, *, is_restored: bool = False) -> int:
    """Copy all rows, as they are at one instant; a restored archive's index is filled again."""
    with source.snapshot() as rows, target.begin() as db:
        for table in schema.metadata.sorted_tables:
            db.execute(table.delete())
            found = rows.execute(select(table), execution_options={"yield_per": _ROWS}).mappings()
            for part in found.partitions():
                db.execute(insert(table), [{name: _in_utc(row[name]) for name in row} for row in part])
        ids = db.execute(select(schema.articles.c.id)).scalars().all()
        if is_restored:
            _number_on(db)
            if ids:
                db.execute(insert(schema.changes), [{"article_id": id_} for id_ in ids])
    source.close()
    target.close()
    return len(ids)


def _in_utc(value: Any) -> Any:
    """A time in UTC, which SQLite stores without its zone; anything else as it is."""
    return utc(value).astimezone(UTC) if isinstance(value, datetime) else value


def _number_on(db: Connection) -> None:
    """Let PostgreSQL give the numbers that follow those of the rows."""
    if db.dialect.name != "postgresql":
        return
    for table in (schema.queue, schema.changes):
        sequence = func.pg_get_serial_sequence(table.name, "number")
        following = select(func.coalesce(func.max(table.c.number), 0) + 1).scalar_subquery()
        db.execute(select(func.setval(sequence, following, text("false"))))
