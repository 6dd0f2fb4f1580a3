"""What an installed wheel holds, and what a person is told when something is missing."""

import os
import shutil
import socket
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from assistant.__main__ import main as assistant_main
from ingest.__main__ import main as ingest_main

ROOT = Path(__file__).parents[1]
PACKAGES = ("assistant", "ingest", "eval", "prompts")


def test_a_wheel_holds_every_package_and_every_text(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    wanted = {
        str(path.relative_to(tmp_path))
        for package in PACKAGES
        for path in (tmp_path / package).rglob("*")
        if path.is_file()
    }
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name} == wanted


def test_every_dependency_is_locked_to_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    assert {name.split("[")[0] for name in wanted} <= locked


def test_a_data_folder_that_cannot_be_made_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NEWS_DATA_DIR", str(tmp_path / "file" / "data"))
    assert ingest_main(["list"]) == 3
    assert "is a file and no folder. Set NEWS_DATA_DIR to another" in capsys.readouterr().err


def test_a_wrong_setting_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWS_LLM__ENGINE", "magic")
    assert assistant_main(["doctor"]) == 2
    assert "NEWS_LLM__ENGINE" in capsys.readouterr().err


def test_a_taken_port_is_named_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("NEWS_PAGE__PORT", str(taken.getsockname()[1]))
        assert assistant_main(["serve"]) == 3
    assert "NEWS_PAGE__PORT" in capsys.readouterr().err


def test_doctor_names_the_command_that_fetches_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("NEWS_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NEWS_DATA_DIR", str(tmp_path / "data"))
    assert assistant_main(["doctor"]) == 3
    assert capsys.readouterr().out.count("python -m assistant setup") == 2


def test_without_a_compiler_make_says_what_to_install(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    environment = {**os.environ, "NEWS_CACHE_DIR": str(tmp_path), "CC": "no-such-cc", "CXX": "no-such-c++"}
    command = ["make", "--no-print-directory", f"VENV={venv}", "-o", f"{venv}/.installed", f"{venv}/.llama"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "sudo apt-get install gcc g++" in done.stdout
    assert "NEWS_LLM__ENGINE=none" in done.stdout
