"""A backup outlives the data folder, and nothing but an empty archive is overwritten."""

import shutil
import zipfile
from pathlib import Path

import pytest

from assistant.__main__ import main as program
from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.backup import backup, restore
from assistant.core.errors import SettingsError
from assistant.core.settings import Settings
from ingest.ingester import Ingester
from ingest.sources import find_sources

QUESTION = "가람시 인공지능 예산은 얼마인가?"
TEXT = "---\ntitle: 가람시 예산\ndate: 2026-10-01\n---\n가람시 인공지능 예산은 70억 원이다.\n"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"data_dir": tmp_path / "data"})


def _fill(own: Settings, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT, encoding="utf-8")
    archive = Archive.open(own)
    list(Ingester.of(archive).add(find_sources([str(folder / "a.md")])))
    archive.close()
    (own.data_dir / "users.txt").write_text("lan editor x\n")
    (own.data_dir / "uploads" / "0f").mkdir(parents=True)
    (own.data_dir / "uploads" / "0f" / "b.md").write_text(TEXT)


@pytest.mark.weights
def test_after_the_data_folder_is_gone_the_same_question_has_the_same_citation(
    own: Settings, tmp_path: Path
) -> None:
    _fill(own, tmp_path)
    archive = Archive.open(own)
    archive.synchronise()
    pipeline = AnswerPipeline(archive, None, own)
    before = pipeline.invoke(Ask(QUESTION))
    archive.store.conversations.add("visitor", None, QUESTION, before, was_stopped=False)
    assert backup(own, tmp_path / "kept.zip") == 1
    archive.close()
    shutil.rmtree(own.data_dir)
    assert restore(own, tmp_path / "kept.zip") == 1
    archive = Archive.open(own)
    archive.synchronise()
    after = AnswerPipeline(archive, None, own).invoke(Ask(QUESTION))
    assert (after.text, after.citations) == (before.text, before.citations)
    (listed,) = archive.store.conversations.listed("visitor", "")
    assert listed.title == QUESTION
    archive.close()
    assert (own.data_dir / "uploads" / "0f" / "b.md").read_text() == TEXT
    assert (own.data_dir / "users.txt").read_text() == "lan editor x\n"
    with pytest.raises(SettingsError, match="into an empty archive"):
        restore(own, tmp_path / "kept.zip")


def test_what_is_no_backup_is_named_and_nothing_of_it_is_unpacked(own: Settings, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        restore(own, tmp_path / "missing.zip")
    wrong = tmp_path / "wrong.zip"
    wrong.write_text("no zip")
    with pytest.raises(SettingsError, match="cannot be read"):
        restore(own, wrong)
    with zipfile.ZipFile(wrong, "w") as packed:
        packed.writestr("files/uploads/../../../escaped.txt", "x")
        packed.writestr("files/other.txt", "x")
    with pytest.raises(SettingsError, match="no backup"):
        restore(own, wrong)
    assert not own.data_dir.exists()
    assert not (tmp_path.parent / "escaped.txt").exists()


def test_the_commands_say_what_they_did_and_overwrite_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEWS_DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "kept.zip"
    assert program(["backup", str(file)]) == 2
    assert "There is no archive" in capsys.readouterr().err
    (tmp_path / "data").mkdir()
    assert program(["backup", str(file)]) == 0
    assert "0 articles" in capsys.readouterr().out
    assert file.stat().st_mode & 0o077 == 0
    assert program(["backup", str(file)]) == 2
    assert program(["restore", str(file)]) == 0
