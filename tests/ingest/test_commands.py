"""The commands that look into the archive and mend it, run as a user runs them."""

import json
from pathlib import Path

import pytest

from ingest.__main__ import main

pytestmark = pytest.mark.weights

FIRST = (
    "가람시 AI 예산 확정\n가람신문 2026-11-10\n\n가람시의 AI 예산은 412억 원이다. 센터는 내년에 문을 연다.\n"
)
SECOND = "Nara chi ngân sách cho AI\nBáo Nara 12/11/2026\n\nThành phố Nara chi 58 tỷ đồng cho AI. Dự án kéo dài ba năm.\n"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("NEWS_DATA_DIR", str(tmp_path / "data"))
    for name, text in (("first.txt", FIRST), ("second.txt", SECOND)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["add", str(tmp_path / "first.txt"), str(tmp_path / "second.txt")]) == 0
    capsys.readouterr()
    return tmp_path


def test_articles_are_listed_shown_removed_and_brought_back(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> str:
        assert main(words) == 0
        return capsys.readouterr().out

    listed = json.loads(run("list", "--json"))
    assert [row["language"] for row in listed] == ["vi", "ko"]
    (found,) = json.loads(run("list", "예산", "가람", "--json"))
    assert json.loads(run("list", "--language", "vi", "--json")) == listed[:1]
    assert json.loads(run("list", "nara", "chi", "--json")) == listed[:1]
    assert run("list", "nar") == run("list", "람시") == ""
    assert json.loads(run("list", "--publisher", "가람신문", "--until", "2026-11-11", "--json")) == [found]
    assert run("list", "--since", "2026-11-13") == ""
    assert run("show", found["id"]).endswith(FIRST)
    assert json.loads(run("show", found["id"], "--json"))["text"] == FIRST
    state = json.loads(run("status", "--json"))
    assert (state["articles"], state["states"], state["failed"]) == (2, {"stored": 2}, {})
    assert "1 removed" in run("remove", found["id"])
    assert json.loads(run("list", "--json")) == listed[:1]
    assert run("undo") == "1 brought back\n"
    assert json.loads(run("list", "--json")) == listed
    assert "Nothing was removed" in run("undo")
    assert json.loads(run("status", "--json"))["pending"] == 0
    (data / "first.txt").write_text(FIRST.replace("412", "415"), encoding="utf-8")
    run("add", str(data / "first.txt"))
    assert "415억" in run("show", found["id"])
    assert "412억" in run("show", found["id"], "--version", "1")


def test_what_is_not_there_is_named_with_what_to_do(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "nothing"]) == 4
    assert "python -m ingest list" in capsys.readouterr().err
    missing = data / "missing.txt"
    assert main(["add", str(missing)]) != 0
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["list", "--since", "yesterday"])
