from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.archive import Archive
from assistant.core.errors import SettingsError
from assistant.core.ledger import LedgerRow, SourceState
from assistant.core.settings import IngestSettings, Settings
from ingest.fetch import Fetcher
from ingest.ingester import Ingester, IngestOutcome
from ingest.sources import MAX_BYTES
from ingest.watch import WatchedSource, load_watched, watch, watch_states

TEXT = "---\ntitle: 예산\ndate: 2026-11-20\n---\n예산은 3조 원이다.\n"


@pytest.fixture
def archive(tmp_path: Path, settings: Settings) -> Archive:
    return Archive.open(settings.model_copy(update={"data_dir": tmp_path / "data"}))


def test_a_file_lists_sources_with_their_intervals(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(
        '[[source]]\nurl = "https://a.example/rss"\npublisher = "가온뉴스"\nlanguage = "ko"\ninterval = "15m"\n'
        '[[source]]\nurl = "news"\n'
    )
    first, second = load_watched(file)
    assert (first.publisher, first.language, first.interval) == ("가온뉴스", "ko", timedelta(minutes=15))
    assert second.interval == timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[[source", "not valid TOML"),
        ('[[source]]\nurl = "a"\ninterval = "soon"', "interval: .*'soon' is not an interval"),
        ('[[source]]\nurl = "a"\nlang = "ko"', "source.0.lang"),
        ("", "source: Field required"),
    ],
)
def test_a_wrong_file_is_refused_and_the_entry_named(tmp_path: Path, text: str, error: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=error):
        load_watched(file)


def test_sources_are_looked_at_when_they_are_due_across_restarts(archive: Archive, tmp_path: Path) -> None:
    often, rarely = tmp_path / "often", tmp_path / "rarely"
    for folder in (often, rarely):
        folder.mkdir()
        (folder / "a.md").write_text(TEXT.replace("3조", f"{len(folder.name)}조"))
    watched = [
        WatchedSource(url=str(rarely), interval="2h", publisher="먼 신문"),
        WatchedSource(url=str(often), interval="15m", publisher="가까운 신문"),
    ]
    waits: list[float] = []

    def rounds() -> list[list[IngestOutcome]]:
        with Fetcher(IngestSettings(), MAX_BYTES) as fetcher:
            ingester = Ingester.of(archive)
            found = watch(archive.store, ingester, fetcher, watched, waits.append)
            return [[result.outcome for result in next(found)] for _ in range(2)]

    assert rounds() == [[IngestOutcome.NEW], [IngestOutcome.NEW]]
    assert {a.publisher for a in archive.store.articles()} == {"먼 신문", "가까운 신문"}
    (often / "b.md").write_text(TEXT)
    assert rounds() == [[IngestOutcome.NEW], []]
    assert waits[:2] == [0, 0]
    assert 800 < waits[2] <= 900
    states = watch_states(archive.store)
    assert (states[str(often)].failed, states[str(often)].error) == (0, None)
    assert states[str(often)].checked <= datetime.now(UTC)
    archive.close()


def test_a_clock_that_was_set_back_delays_a_source_by_its_interval_at_most(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text(TEXT)
    url, later = str(tmp_path), datetime.now(UTC) + timedelta(days=365)
    state = {"checked": later.isoformat(), "new": 0, "changed": 0, "failed": 0, "error": None}
    archive.store.keep_setting("watched", {url: state})
    waits: list[float] = []
    with Fetcher(IngestSettings(), MAX_BYTES) as fetcher:
        rounds = watch(
            archive.store,
            Ingester.of(archive),
            fetcher,
            [WatchedSource(url=url, interval="15m")],
            waits.append,
        )
        assert [r.outcome for r in next(rounds)] == [IngestOutcome.NEW]
    assert 800 < waits[0] <= 900
    assert not LedgerRow(url, retry_at=datetime.now(UTC) + timedelta(hours=1)).is_due(datetime.now(UTC))
    assert LedgerRow(url, retry_at=later).is_due(datetime.now(UTC))
    archive.close()


def test_a_bad_source_does_not_hold_up_the_others_and_gone_files_are_marked(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "good"
    folder.mkdir()
    (folder / "a.md").write_text(TEXT)
    (folder / "b.md").write_text(TEXT.replace("3조", "5조"))
    watched = [WatchedSource(url="http://127.0.0.1:9/rss"), WatchedSource(url=str(folder), interval="0s")]
    with Fetcher(IngestSettings(), MAX_BYTES) as fetcher:
        rounds = watch(archive.store, Ingester.of(archive), fetcher, watched, lambda _: None)
        assert [r.outcome for r in next(rounds)] == [IngestOutcome.FAILED]
        assert [r.outcome for r in next(rounds)] == [IngestOutcome.NEW, IngestOutcome.NEW]
        (folder / "b.md").unlink()
        next(rounds)
    assert "private network" in str(watch_states(archive.store)["http://127.0.0.1:9/rss"].error)
    gone = [row.url for row in archive.store.ledger.rows() if row.state is SourceState.GONE]
    assert gone == [(folder / "b.md").as_uri()]
    assert len(archive.store.articles()) == 2
    archive.close()
