"""Everything that cannot be made again, in one file: the database, uploads, users and one's own calibration.

The database is copied row by row into an SQLite file, whatever holds it, so that a backup of one profile can be
restored into the other, and an older one is migrated. The index is filled again from the database.
"""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, func, insert, select, text

from assistant.core import schema
from assistant.core.database import Database
from assistant.core.errors import SettingsError
from assistant.core.settings import Settings
from assistant.core.storage import on_disk

_DATABASE = "database.sqlite"
_FILES = "files"
_KEPT = ("uploads", "users.txt", "session.key", "calibration.toml")
"""What is kept of the data folder."""
_ROWS = 500


def backup(settings: Settings, file: Path) -> int:
    """Write a backup while other processes may go on; returns the number of articles in it.

    Raises:
        SettingsError: The file is there already, or there is no archive.
        ServiceError: The database or a disk fails.
    """
    if file.exists():
        raise SettingsError(f"{file} is there already; name another file, or remove it.")
    if not settings.data_dir.is_dir():
        raise SettingsError(f"There is no archive in {settings.data_dir}; set NEWS_DATA_DIR.")
    with TemporaryDirectory() as folder, on_disk(file.parent):
        copy = Path(folder) / _DATABASE
        n = _copied(Database(settings.database_url), Database(f"sqlite:///{copy}"))
        partial = file.with_name(file.name + ".partial")
        partial.touch(mode=0o600)  # users' passwords, hashed, and the sessions' key are in it
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.write(copy, _DATABASE)
            for path in _files(settings.data_dir):
                packed.write(path, f"{_FILES}/{path.relative_to(settings.data_dir).as_posix()}")
        partial.replace(file)
    return n


def restore(settings: Settings, file: Path) -> int:
    """Read a backup into an empty archive; returns the number of articles.

    Raises:
        SettingsError: The file is no backup, or the archive holds articles or conversations.
        ServiceError: The database or a disk fails.
    """
    with TemporaryDirectory() as folder, on_disk(settings.data_dir.resolve().parent):
        unpacked = Path(folder)
        _unpack(file, unpacked)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        target = Database(settings.database_url)
        with target.connect() as db:
            tables = (schema.articles, schema.conversations)
            if any(db.execute(select(func.count()).select_from(table)).scalar() for table in tables):
                raise SettingsError(
                    "A backup is restored into an empty archive, and this one is not: "
                    "set NEWS_DATA_DIR or NEWS_DATABASE__URL to another."
                )
        n = _copied(Database(f"sqlite:///{unpacked / _DATABASE}"), target, is_restored=True)
        if (unpacked / _FILES).is_dir():
            shutil.copytree(unpacked / _FILES, settings.data_dir, dirs_exist_ok=True)
    return n


def _files(data_dir: Path) -> Iterator[Path]:
    for name in _KEPT:
        path = data_dir / name
        yield from (one for one in ([path] if path.is_file() else sorted(path.rglob("*"))) if one.is_file())


def _unpack(file: Path, folder: Path) -> None:
    """Unpack the database and the files of a backup, and nothing else that may be in it."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = [name for name in packed.namelist() if _is_ours(PurePosixPath(name))]
            if _DATABASE not in names:
                raise SettingsError(f"{file} is no backup of this program.")
            packed.extractall(folder, names)
    except (OSError, zipfile.BadZipFile) as exc:
        raise SettingsError(f"The backup {file} cannot be read: {exc}.") from exc


def _is_ours(path: PurePosixPath) -> bool:
    first, *rest = path.parts
    return str(path) == _DATABASE or (
        first == _FILES and bool(rest) and rest[0] in _KEPT and ".." not in rest
    )


def _copied(source: Database, target: Database, *, is_restored: bool = False) -> int:
    """Copy all rows, as they are at one instant; a restored archive's index is filled again."""
    with source.snapshot() as rows, target.begin() as db:
        for table in schema.metadata.sorted_tables:
            db.execute(table.delete())
            for part in rows.execute(select(table)).mappings().partitions(_ROWS):
                db.execute(insert(table), [dict(row) for row in part])
        ids = db.execute(select(schema.articles.c.id)).scalars().all()
        if is_restored:
            _number_on(db)
            if ids:
                db.execute(insert(schema.changes), [{"article_id": id_} for id_ in ids])
    source.close()
    target.close()
    return len(ids)


def _number_on(db: Connection) -> None:
    """Let PostgreSQL give the numbers that follow those of the rows."""
    if db.dialect.name != "postgresql":
        return
    for table in (schema.queue, schema.changes):
        sequence = func.pg_get_serial_sequence(table.name, "number")
        following = select(func.coalesce(func.max(table.c.number), 0) + 1).scalar_subquery()
        db.execute(select(func.setval(sequence, following, text("false"))))
