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
from assistant.core.records import Answer
from assistant.core.settings import DatabaseSettings, PageSettings, Settings
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
    (own.data_dir / "uploads" / "0f").mkdir(parents=True)
    (own.data_dir / "uploads" / "0f" / "b.md").write_text(TEXT)


def _asked(archive: Archive, settings: Settings) -> Answer:
    archive.synchronise()
    return AnswerPipeline(archive, None, settings).invoke(Ask(QUESTION))


@pytest.mark.weights
def test_after_the_data_folder_is_gone_the_same_question_has_the_same_citation(
    own: Settings, database_url: str, tmp_path: Path
) -> None:
    _fill(own, tmp_path)
    archive = Archive.open(own)
    before = _asked(archive, own)
    archive.store.conversations.add("visitor", None, QUESTION, before, was_stopped=False)
    assert backup(own, tmp_path / "kept.zip") == 1
    archive.close()
    shutil.rmtree(own.data_dir)
    other = own.model_copy(update={"database": DatabaseSettings(url=database_url)})
    assert restore(other, tmp_path / "kept.zip") == 1
    assert backup(other, tmp_path / "again.zip") == 1
    moved = own.model_copy(update={"data_dir": tmp_path / "moved"})
    assert restore(moved, tmp_path / "again.zip") == 1
    for settings in (other, moved):
        archive = Archive.open(settings)
        after = _asked(archive, settings)
        assert (after.text, after.citations) == (before.text, before.citations)
        (listed,) = archive.store.conversations.listed("visitor", "")
        assert listed.title == QUESTION
        archive.close()
        assert (settings.data_dir / "uploads" / "0f" / "b.md").read_text() == TEXT
    with pytest.raises(SettingsError, match="into an empty archive"):
        restore(other, tmp_path / "kept.zip")


def test_what_is_no_backup_is_named_and_only_what_belongs_to_one_is_unpacked(
    own: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        restore(own, tmp_path / "missing.zip")
    file = tmp_path / "wrong.zip"
    file.write_text("no zip")
    with pytest.raises(SettingsError, match="cannot be read"):
        restore(own, file)
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("other.txt", "x")
    with pytest.raises(SettingsError, match="no backup"):
        restore(own, file)
    file.unlink()
    own.data_dir.mkdir()
    backup(own, file)
    with zipfile.ZipFile(file, "a") as packed:
        for name in ("files/uploads/../../escaped.txt", "files/other.txt", "./", "files/uploads/good.txt"):
            packed.writestr(name, "x")
    assert restore(own, file) == 0
    found = {path.name for path in tmp_path.rglob("*.txt")}
    assert found == {"good.txt"}


def test_users_and_keys_are_for_their_owner_only_wherever_they_lie(own: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    own = own.model_copy(update={"page": PageSettings(users=elsewhere)})
    own.data_dir.mkdir()
    elsewhere.write_text("lan editor x\n")
    (own.data_dir / "session.key").write_text("key")
    backup(own, tmp_path / "kept.zip")
    elsewhere.write_text("minh reader y\n")
    with pytest.raises(SettingsError, match="or users"):
        restore(own, tmp_path / "kept.zip")
    elsewhere.unlink()
    shutil.rmtree(own.data_dir)
    restore(own, tmp_path / "kept.zip")
    for path, said in ((elsewhere, "lan editor x\n"), (own.data_dir / "session.key", "key")):
        assert (path.read_text(), path.stat().st_mode & 0o077) == (said, 0)
    assert not (own.data_dir / "users.txt").exists()
    with pytest.raises(SettingsError, match="folder that is not there"):
        backup(own, tmp_path / "nowhere" / "kept.zip")
    assert not list(tmp_path.glob("*.partial"))


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
