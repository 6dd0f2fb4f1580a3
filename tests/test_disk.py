"""Full, read-only and vanished disks: one line that says so, nothing lost, no signal."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.core.archive import Archive
from assistant.core.errors import StorageUnavailable
from assistant.core.settings import Settings
from assistant.core.storage import problem
from ingest.ingester import Ingester
from ingest.sources import find_sources

pytestmark = pytest.mark.mount
Disk = Callable[..., Path]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mounts disks of a size in MiB."""
    mounted: list[Path] = []

    def mount(mib: int) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "news-test", str(folder)], check=True)
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _article(folder: Path, city: str = "가람시") -> str:
    file = folder / f"{city}.md"
    file.write_text(
        f"---\ntitle: {city} 예산\ndate: 2026-10-01\n---\n{city} 인공지능 예산은 101억 원이다.\n",
        encoding="utf-8",
    )
    return str(file)


def _run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"NEWS_DATA_DIR": str(data), "NEWS_LLM__ENGINE": "none"}
    return subprocess.run(
        [sys.executable, "-m", *words], env=env, capture_output=True, text=True, check=False
    )


def _fill(folder: Path, left_mib: float) -> Path:
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(folder).free - int(left_mib * 2**20)))
    return ballast


@pytest.mark.parametrize("mib", [1, 31, 100])
def test_a_disk_with_too_little_room_is_named_and_nothing_is_lost(
    disk: Disk, tmp_path: Path, mib: int
) -> None:
    folder = disk(mib)
    for words in (("ingest", "add", _article(tmp_path)), ("assistant", "ask", "가람시 예산은?")):
        found = _run(folder / "data", *words)
        assert found.returncode == 3, found
        assert f"The disk of {folder / 'data'}" in found.stderr
        assert "is full" in found.stderr
        assert "Traceback" not in found.stderr


def test_a_disk_that_fills_up_loses_nothing_and_goes_on_when_it_has_room_again(
    disk: Disk, tmp_path: Path
) -> None:
    folder = disk(400)
    settings = Settings(data_dir=folder / "data")
    archive = Archive.open(settings)
    ingester = Ingester.of(archive)
    assert [r.reason for r in ingester.add(find_sources([_article(tmp_path)]))] == [None]
    assert archive.synchronise() == 1
    assert [r.reason for r in ingester.add(find_sources([_article(tmp_path, "나래시")]))] == [None]
    for left in (60.0, 0.0):
        ballast = _fill(folder, left)
        with pytest.raises(StorageUnavailable, match="is full"):
            archive.synchronise()
        assert "is full" in (archive.state().error or "")
        ballast.unlink()
    ballast, added = _fill(folder, 0), ["가람시 예산", "나래시 예산"]

    def add_more() -> None:
        for n in range(200):  # what SQLite's log has room for is still taken
            assert [r.reason for r in ingester.add(find_sources([_article(tmp_path, f"다솜{n}시")]))] == [
                None
            ]
            added.append(f"다솜{n}시 예산")

    with pytest.raises(StorageUnavailable, match="is full"):
        add_more()
    ballast.unlink()
    assert archive.synchronise() == len(added) - 1
    assert archive.state().is_ok
    assert {article.title for article in archive.store.articles()} == set(added)
    assert not archive.reconcile()
    archive.close()


def test_a_read_only_disk_is_named(disk: Disk, tmp_path: Path) -> None:
    folder = disk(400)
    assert _run(folder / "data", "ingest", "add", _article(tmp_path)).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    for data, words in (
        (folder / "data", ("ingest", "add", _article(tmp_path, "나래시"))),
        (folder / "data", ("assistant", "ask", "가람시 예산은?")),
        (folder / "new", ("ingest", "add", _article(tmp_path))),
    ):
        found = _run(data, *words)
        assert found.returncode == 3, found
        assert "is read-only" in found.stderr
        assert str(folder) in found.stderr
        assert "Traceback" not in found.stderr


def test_what_is_wrong_with_a_folder_is_said_in_one_line(disk: Disk, tmp_path: Path) -> None:
    assert problem(tmp_path) is None
    assert (
        problem(tmp_path / "gone")
        == f"The folder {tmp_path / 'gone'} is gone. Bring it back, or set NEWS_DATA_DIR to another."
    )
    folder = disk(10)
    assert problem(folder) is None
    assert "10 MiB are free, 50 MiB are needed" in (problem(folder, 50 * 2**20) or "")
