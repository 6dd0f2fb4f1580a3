"""Checks a folder that the program writes to: missing, read-only or full."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.errors import StorageUnavailable

_MIB = 2**20
_FULL = 2 * _MIB
"""With less free space than this, in bytes, writing a few rows fails."""
_ROOMY = 2**30
"""Free bytes that no single write can use up."""


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Translate the operating system's errors when writing under a folder.

    Raises:
        StorageUnavailable: It cannot be written; the message names the folder and the problem.
    """
    try:
        yield
    except OSError as exc:
        raise StorageUnavailable(
            problem(folder) or f"{folder} cannot be used: {exc.strerror or exc}."
        ) from exc


def problem(folder: Path, needed: int = _FULL) -> str | None:
    """What is wrong with a folder, in one line; None if ``needed`` bytes can be written to it."""
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file and no folder. Set NEWS_DATA_DIR to another."
    if not folder.is_dir():
        return f"The folder {folder} is gone. Bring it back, or set NEWS_DATA_DIR to another."
    if os.statvfs(folder).f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK):
        return f"The folder {folder} is read-only. Make it writable, or set NEWS_DATA_DIR to another."
    if (free := shutil.disk_usage(folder).free) < needed:
        return f"The disk of {folder} is full: {free // _MIB} MiB are free, {needed // _MIB} MiB are needed. Free some space."
    return None


def reserve(folder: Path, new: int) -> None:
    """Allocate the disk space of the sparse files under a folder, and check that there is room for new ones.

    Memory-mapped files are created sparse; on a full disk, a write to a hole kills the process (SIGBUS).

    Args:
        folder: The folder of the mapped files.
        new: Bytes of files that may be created next.

    Raises:
        OSError: There is not enough space.
    """
    if shutil.disk_usage(folder).free >= _ROOMY:
        return
    for file in folder.rglob("*"):
        found = file.stat()
        if file.is_file() and 512 * found.st_blocks < found.st_size:
            with file.open("r+b") as opened:
                os.posix_fallocate(opened.fileno(), 0, found.st_size)
    if reason := problem(folder, new):
        raise OSError(errno.ENOSPC, reason)
