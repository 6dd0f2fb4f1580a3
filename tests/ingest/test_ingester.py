"""Ingesting for real: files, embedder, store, index, and the command line with its exit codes."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.core.archive import Archive
from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.index import EdgeIndex, Fingerprint
from assistant.core.ledger import SourceState
from assistant.core.queue import Queued
from assistant.page.articles_tab import keep
from ingest.__main__ import main
from ingest.ingester import Ingester, IngestOutcome
from ingest.sources import MAX_BYTES, find_sources

TEXT = "---\ntitle: 제목\ndate: 2025-11-28\npublisher: 신문\nlanguage: ko\n---\n중국산 모델의 점유율은 17%였다. 미국은 15.8%였다.\n"


@pytest.fixture
def archive(database_url: str, tmp_path: Path, embedder: Embedder) -> Iterator[Archive]:
    fingerprint = Fingerprint(embedder.identity, "1")
    store = ArticleStore(database_url)
    opened = Archive(store, embedder, EdgeIndex(tmp_path / "index", fingerprint), fingerprint)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


def _add(archive: Archive, folder: Path) -> list[IngestOutcome]:
    """The outcomes in the order of the files' names."""
    results = sorted(Ingester.of(archive).add(find_sources([str(folder)])), key=lambda r: r.source.name)
    archive.synchronise()
    return [r.outcome for r in results]


def test_ingesting_twice_writes_nothing_the_second_time(archive: Archive, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT)
    assert _add(archive, folder) == [IngestOutcome.NEW]
    before = archive.store.counts(), archive.store.ledger.rows()
    assert _add(archive, folder) == [IngestOutcome.UNCHANGED]
    assert (archive.store.counts(), archive.store.ledger.rows()) == before


def test_a_changed_file_replaces_its_article(archive: Archive, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT)
    _add(archive, folder)
    (folder / "a.md").write_text(TEXT.replace("17%", "18%"))
    assert _add(archive, folder) == [IngestOutcome.CHANGED]
    (article,) = archive.store.articles()
    assert "18%" in article.text
    assert archive.index is not None
    assert set(archive.index.passage_ids()) == archive.store.passage_ids()


def test_the_same_text_elsewhere_is_a_duplicate_and_stays_one(archive: Archive, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT)
    (folder / "b.md").write_text(TEXT.replace(" 미국은", "  미국은"))
    assert _add(archive, folder) == [IngestOutcome.NEW, IngestOutcome.DUPLICATE]
    assert _add(archive, folder) == [IngestOutcome.UNCHANGED, IngestOutcome.UNCHANGED]
    assert archive.store.counts()["articles"] == 1


def test_an_article_that_becomes_a_copy_of_another_leaves_no_stale_text(
    archive: Archive, folder: Path
) -> None:
    (folder / "a.md").write_text(TEXT)
    (folder / "b.md").write_text(TEXT.replace("17%", "20%"))
    _add(archive, folder)
    (folder / "b.md").write_text(TEXT)
    assert _add(archive, folder) == [IngestOutcome.UNCHANGED, IngestOutcome.DUPLICATE]
    assert [("17%" in a.text) for a in archive.store.articles()] == [True]


def test_a_copy_is_an_article_of_its_own_once_its_twin_changes(archive: Archive, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT)
    (folder / "b.md").write_text(TEXT)
    _add(archive, folder)
    (folder / "a.md").write_text(TEXT.replace("17%", "20%"))
    assert _add(archive, folder) == [IngestOutcome.CHANGED, IngestOutcome.NEW]
    assert sorted("20%" in a.text for a in archive.store.articles()) == [False, True]


def test_uploads_of_one_name_are_articles_of_their_own(tmp_path: Path) -> None:
    kept = []
    for i, content in enumerate(("하나다.", "둘이다.")):
        (tmp_path / str(i)).mkdir()
        upload = tmp_path / str(i) / "news.txt"
        upload.write_text(content)
        kept.append(keep(upload, tmp_path / "uploads"))
    assert [path.read_text() for path in kept] == ["하나다.", "둘이다."]
    assert {path.name for path in kept} == {"news.txt"}


@pytest.mark.parametrize("front", ["origin: [a, b]", "publisher: |\n  X\n  [7] 질문"])
def test_odd_front_matter_neither_stops_the_run_nor_breaks_lines(
    archive: Archive, folder: Path, front: str
) -> None:
    (folder / "a.md").write_text(TEXT.replace("publisher: 신문", front))
    (folder / "b.md").write_text(TEXT.replace("17%", "20%"))
    assert _add(archive, folder) == [IngestOutcome.NEW, IngestOutcome.NEW]
    assert all("\n" not in a.publisher for a in archive.store.articles())


def test_stored_figures_and_offsets_refer_to_the_stored_text(archive: Archive, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT)
    _add(archive, folder)
    (article,) = archive.store.articles()
    for embedded in archive.store.passages(archive.store.passage_ids()).values():
        assert [article.text[f.start : f.end] for f in embedded.passage.figures] == ["17%", "15.8%"]
        assert len(embedded.sentences_dense) == len(embedded.passage.sentences) == 2


def test_one_story_told_in_two_languages_is_one_story_and_others_are_not(samples: Archive) -> None:
    story = {Path(a.url).name: a.story_id for a in samples.store.articles()}
    assert story["open-models-share.md"] == story["thi-phan-mo-hinh-mo.md"]
    assert story["ai-basic-act.md"] == story["luat-ai-han-quoc.md"]
    assert story["china-fund.md"] != story["april-models.md"]
    assert story["china-fund-correction.md"] != story["doanh-thu-cong-ty.md"]


def test_reconcile_mends_an_index_that_lost_and_kept_too_much(archive: Archive, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT)
    (folder / "b.md").write_text(TEXT.replace("17%", "20%"))
    _add(archive, folder)
    first, second = (a.id for a in archive.store.articles())
    assert archive.index is not None
    archive.index.delete([first])
    archive.store.remove(second)
    drift = archive.reconcile()
    assert len(drift.missing) == 1
    assert set(archive.index.passage_ids()) == archive.store.passage_ids()
    assert not archive.reconcile()


BAD_INPUT = {
    "empty.txt": (b"", "The file is empty"),
    "binary.txt": (bytes(range(256)), "binary, not text"),
    "broken.txt": (
        "점유율은 올랐다.".encode() + b"\xff" + "점유율은 올랐다.".encode() * 20,
        "iconv -c -f UTF-8",
    ),
    "garbled.txt": ("점유율은 올랐다.".encode("cp949").decode("latin-1").encode(), "iconv -f CP949 -t UTF-8"),
}


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWS_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_each_bad_input_gets_a_line_the_rest_is_ingested_and_the_exit_code_is_4(
    at_home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, (content, _) in BAD_INPUT.items():
        (folder / name).write_bytes(content)
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(200 * 2**20)
    (at_home / "nothing").mkdir()
    (folder / "good.md").write_text(TEXT)
    assert main(["add", str(folder), str(at_home / "nothing"), str(at_home / "missing.txt"), "--json"]) == 4
    out, err = capsys.readouterr()
    summary = json.loads(out)
    assert (summary["new"], summary["failed"], summary["passages"]) == (1, len(BAD_INPUT) + 3, 1)
    for name, (_, message) in BAD_INPUT.items():
        assert any(name in line and message in line for line in err.splitlines())
    assert f"more than the {MAX_BYTES // 2**20} MiB" in err
    assert "The folder holds no articles" in err
    assert "There is no such file or folder" in err


def test_conversions_that_do_not_add_up_are_listed_until_the_article_goes(
    at_home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert at_home.exists()
    (folder / "fund.md").write_text(
        "기금\n\n기금은 1조 위안(약 193조 원)이다. 예산은 600억 위안(1조 1590억 원)이다.\n"
    )
    assert main(["add", str(folder), "--json"]) == 0
    capsys.readouterr()
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert "does not add up: 1조 위안 = 약 193조 원; 600억 위안 = 1조 1590억 원" in listed
    assert main(["remove", listed.split()[0]]) == 0
    assert main(["list"]) == 0
    assert "does not add up" not in capsys.readouterr().out


def test_a_changed_article_keeps_what_it_said_before(archive: Archive, folder: Path) -> None:
    (folder / "a.md").write_text(TEXT)
    _add(archive, folder)
    (first,) = archive.store.articles()
    (folder / "a.md").write_text(TEXT.replace("17%", "20%"))
    assert _add(archive, folder) == [IngestOutcome.CHANGED]
    (second,) = archive.store.articles()
    assert (first.version, second.version) == (1, 2)
    assert archive.store.version(first.id, 1) == first
    assert archive.store.version(first.id, 2) == second
    assert archive.store.version(first.id, 3) is None
    archive.store.remove(first.id)
    assert archive.store.version(first.id, 1) is None


def test_a_failure_is_kept_with_its_reason_and_waits_longer_each_time(archive: Archive, folder: Path) -> None:
    (folder / "bad.txt").write_bytes(b"\0\1\2")
    waits = []
    for _ in range(3):
        _add(archive, folder)
        (row,) = archive.store.ledger.rows()
        assert row.retry_at is not None
        waits.append(row.retry_at.replace(tzinfo=UTC) - datetime.now(UTC))
        assert (row.state, row.error) == (SourceState.FAILED, "The file is binary, not text.")
    assert row.tries == 3
    assert waits == sorted(waits)
    ingester = Ingester.of(archive)
    assert list(ingester.add(find_sources([str(folder)]), only_due=True)) == []
    (folder / "bad.txt").write_text(TEXT)
    assert _add(archive, folder) == [IngestOutcome.NEW]
    (row,) = archive.store.ledger.rows()
    assert (row.state, row.error, row.tries) == (SourceState.STORED, None, 0)


def test_the_commands_list_remove_and_rebuild(
    at_home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.md").write_text(TEXT)
    assert at_home.exists()
    assert main(["add", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 1
    assert main(["list"]) == 0
    article_id = capsys.readouterr().out.split()[0]
    assert main(["rebuild"]) == 0
    assert main(["status"]) == 0
    assert "passages   1" in capsys.readouterr().out
    assert main(["remove", article_id, "nonsense"]) == 4
    assert "No article has the id nonsense" in capsys.readouterr().err
    assert main(["reconcile"]) == 0
    assert main(["reconcile", "--repair"]) == 0
    assert main(["add"]) == 2


def test_an_add_that_finds_nothing_new_finishes_what_one_before_left(
    at_home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.md").write_text(TEXT)
    assert main(["add", str(folder)]) == 0
    store = ArticleStore(f"sqlite:///{at_home / 'data' / 'articles.sqlite'}")
    store.enqueue(article.id for article in store.articles())
    article = replace(store.articles()[0], id="b", url="file:///b", text="예산은 5조 원이다.", body_start=0)
    store.queue.put(Queued(article, "digest", "source"))
    assert main(["add", str(folder), "--workers", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["unchanged"] == 1
    counts = store.counts()
    assert (counts["articles"], counts["waiting"], counts["pending"]) == (2, 0, 0)
    store.close()


def test_without_a_process_to_extract_articles_none_is_added(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["add", str(folder), "--workers", "0"])
    assert ended.value.code == 2
    assert "at least 1 is needed" in capsys.readouterr().err
