"""What is wrong with a folder that the program writes to: gone, read-only, full."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.errors import StorageUnavailable

_MIB = 2**20
_FULL = 2 * _MIB
"""Free bytes below which writing a few rows fails."""
_ROOMY = 2**30
"""Free bytes that no single write uses up."""


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Translate what the operating system says of writing under a folder.

    Raises:
        StorageUnavailable: It cannot be written; names the folder and what is wrong.
    """
    try:
        yield
    except OSError as exc:
        raise StorageUnavailable(
            problem(folder) or f"{folder} cannot be used: {exc.strerror or exc}."
        ) from exc


def problem(folder: Path, needed: int = _FULL) -> str | None:
    """What is wrong with a folder, in one line; None where ``needed`` bytes can be written to it."""
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
    """Give the files under a folder the space that their size promises, and see that there is room for new ones.

    Files that are mapped into memory are made with holes; on a full disk a write to a hole ends the process
    (SIGBUS).

    Args:
        folder: Where the mapped files are.
        new: Bytes of files that may be made next.

    Raises:
        OSError: There is too little room.
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
