"""One contract for every vector index: Edge, Qdrant's protocol over HTTP, and a real server where there is one."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from qdrant_client import QdrantClient
from qdrant_server import qdrant_server

from assistant.core.embedding import EmbedderIdentity
from assistant.core.errors import IndexLocked, IndexUnavailable, SettingsError
from assistant.core.index import EdgeIndex, Fingerprint, IndexPoint, VectorIndex, chat_url
from assistant.core.index.server import ServerIndex
from assistant.core.languages import Language
from assistant.core.lexical import passage_vector, query_vector
from assistant.core.records import Article, Filters
from assistant.core.settings import IndexSettings
from assistant.core.spans import read_span

# Payload indexes speed up a server; the client in process takes them and says that they do nothing there.
pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

KO, VI = Language.KO, Language.VI
FINGERPRINT = Fingerprint(EmbedderIdentity("m", "r", "query: ", "passage: ", 3), "1")
Opener = Callable[..., VectorIndex]


@pytest.fixture(params=["edge", "http", pytest.param("server", marks=pytest.mark.qdrant)])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same index again and again."""
    if request.param == "edge":
        yield lambda fingerprint=FINGERPRINT, **options: EdgeIndex(tmp_path / "index", fingerprint, **options)
        return
    with qdrant_server() if request.param == "http" else nullcontext() as own:
        url = own.url if own else os.environ["QDRANT_URL"]
        named = IndexSettings(url=url, collection=f"test-{uuid.uuid4()}", shards=2, replicas=1)
        yield lambda fingerprint=FINGERPRINT, **options: ServerIndex.connect(named, fingerprint, **options)
        client = QdrantClient(url=url, check_compatibility=False)
        for collection in client.get_collections().collections:
            if collection.name.startswith(named.collection):
                client.delete_collection(collection.name)
        client.close()


def _point(
    passage_id: str,
    dense: list[float],
    text: str,
    language: Language = KO,
    publisher: str = "A",
    day: date | None = None,
) -> IndexPoint:
    vector = np.array(dense, np.float32) / np.linalg.norm(dense)
    article = passage_id.rpartition(":")[0]
    span = read_span(Article(article, "", "", text, language), 0, len(text))
    lexical = passage_vector(text, language, [span])
    return IndexPoint(passage_id, article, 0, 1, language, publisher, day, article, vector, lexical)


POINTS = [
    _point("a:0", [1, 0, 0], "중국 모델의 점유율은 17%다", publisher="A", day=date(2025, 11, 27)),
    _point("a:1", [0, 1, 0], "미국 기업의 예산", publisher="A", day=date(2025, 11, 27)),
    _point("b:0", [0.9, 0.1, 0], "기본법 시행", publisher="B", day=date(2025, 1, 22)),
    _point("c:0", [1, 0, 0], "thị phần đạt 17% tổng lượt", VI, publisher="C"),
]


@pytest.fixture
def index(opener: Opener) -> VectorIndex:
    opened = opener()
    opened.upsert(POINTS)
    return opened


def _ids(found: list[object]) -> list[str]:
    return [hit.passage_id for hit in found]  # type: ignore[attr-defined]


def test_dense_ranks_by_cosine_within_one_language(index: VectorIndex) -> None:
    found = index.dense(np.array([1, 0, 0], np.float32), KO, Filters(), 10)
    assert _ids(found) == ["a:0", "b:0", "a:1"]
    assert found[0].score == pytest.approx(1.0, abs=1e-3)


def test_lexical_finds_shared_terms_within_one_language(index: VectorIndex) -> None:
    assert _ids(index.lexical(query_vector("점유율 17%", KO, KO), KO, Filters(), 10)) == ["a:0"]
    assert _ids(index.lexical(query_vector("thị phần", VI, VI), VI, Filters(), 10)) == ["c:0"]
    assert index.lexical(query_vector("?!", VI, VI), VI, Filters(), 10) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(publishers=("B",)), ["b:0"]),
        (Filters(since=date(2025, 6, 1)), ["a:0", "a:1"]),
        (Filters(until=date(2025, 1, 22)), ["b:0"]),
        (Filters(since=date(2025, 1, 23), until=date(2025, 11, 26)), []),
    ],
)
def test_filters_restrict(index: VectorIndex, filters: Filters, expected: list[str]) -> None:
    assert _ids(index.dense(np.array([1, 0, 0], np.float32), KO, filters, 10)) == expected


def test_upserting_again_replaces(index: VectorIndex) -> None:
    index.upsert([replace(POINTS[0], dense=np.array([0, 0, 1], np.float32))])
    assert index.count() == len(POINTS)
    assert _ids(index.dense(np.array([0, 0, 1], np.float32), KO, Filters(), 1)) == ["a:0"]


def test_delete_removes_an_article_but_for_what_is_kept(index: VectorIndex) -> None:
    index.delete(["a", "unknown"], keep=["a:0"])
    assert set(index.passage_ids()) == {"a:0", "b:0", "c:0"}
    index.delete(["a"])
    assert set(index.passage_ids()) == {"b:0", "c:0"}
    index.delete([])
    assert index.count() == 2


def test_another_fingerprint_is_refused_with_what_differs(index: VectorIndex, opener: Opener) -> None:
    other = replace(FINGERPRINT, chunker="2")
    if isinstance(index, EdgeIndex):  # a copy of what the store has: it is filled again
        index.close()
        emptied = opener(other)
        assert (emptied.count(), emptied.is_damaged) == (0, True)
        return
    with pytest.raises(SettingsError, match=r"(?s)chunker: stored '1', settings '2'.*ingest rebuild"):
        opener(other)
    assert opener(other, check=False).count() == 0


def test_a_server_is_searched_by_the_old_index_until_the_new_one_is_published(opener: Opener) -> None:
    old = opener()
    if isinstance(old, EdgeIndex):
        pytest.skip("an Edge index has one collection")
    old.upsert(POINTS)
    other = replace(FINGERPRINT, chunker="2")
    new = opener(other, check=False)
    new.upsert(POINTS[:1])
    assert opener().count() == len(POINTS)
    new.publish()
    assert opener(other).count() == 1
    with pytest.raises(SettingsError, match="chunker"):
        opener()
    assert opener(check=False).count() == len(POINTS)  # kept, until the next one is published
    opener(replace(FINGERPRINT, chunker="3"), check=False).publish()
    assert opener(check=False).count() == 0


def test_an_edge_index_survives_closing(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, FINGERPRINT)
    index.upsert(POINTS)
    index.close()
    assert EdgeIndex(tmp_path, FINGERPRINT).count() == len(POINTS)


@contextmanager
def _held(folder: Path, url: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """Another process that has the index of a folder open."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom assistant.core.embedding import EmbedderIdentity\n"
        "from assistant.core.index import EdgeIndex, Fingerprint\n"
        f"index = EdgeIndex(Path({str(folder)!r}), Fingerprint(EmbedderIdentity('m', 'r', 'query: ', 'passage: ', 3), '1'))\n"
        f"index.announce({url!r})\nprint('held', flush=True)\nsys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder
        holder.communicate()


def test_an_edge_index_held_by_another_process_is_left_alone_and_named_as_held(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, FINGERPRINT)
    index.upsert(POINTS)
    index.close()
    with _held(tmp_path) as holder:
        before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
        with pytest.raises(IndexLocked, match=f"in use by process {holder.pid} .*Wait for its end"):
            EdgeIndex(tmp_path, FINGERPRINT, wait_s=0)
        assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before
    EdgeIndex(tmp_path, FINGERPRINT).close()


def test_a_chat_that_holds_the_index_is_not_waited_for(tmp_path: Path) -> None:
    with _held(tmp_path, "http://127.0.0.1:7860"):
        assert chat_url(tmp_path) == "http://127.0.0.1:7860"
        with pytest.raises(IndexLocked, match="Stop that chat"):
            EdgeIndex(tmp_path, FINGERPRINT, wait_s=600)
    assert chat_url(tmp_path) == ""


def test_the_index_of_a_process_that_was_killed_can_be_opened(tmp_path: Path) -> None:
    with _held(tmp_path, "http://127.0.0.1:7860") as holder:
        holder.kill()
        holder.wait()
        assert chat_url(tmp_path) == ""
    EdgeIndex(tmp_path, FINGERPRINT, wait_s=0).close()


def test_an_index_whose_files_another_process_removed_says_so_and_opens_anew(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, FINGERPRINT)
    index.upsert(POINTS[:2])
    for journal in tmp_path.rglob("tracker_journal.dat"):
        journal.unlink()
    with pytest.raises(IndexUnavailable):
        index.upsert(POINTS[2:])
    assert index.is_damaged
    index.reopen()
    assert not index.is_damaged
    index.upsert(POINTS)
    assert index.count() == len(POINTS)
    index.close()


def test_an_index_that_cannot_be_read_any_more_is_opened_empty(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, FINGERPRINT)
    index.upsert(POINTS)
    for file in (tmp_path / "shard").rglob("*.json"):
        file.write_text("{")
    index.reopen()
    assert index.count() == 0
    index.upsert(POINTS)
    index.close()


def test_a_server_that_does_not_answer_is_named_with_what_to_do() -> None:
    with pytest.raises(IndexUnavailable, match="docker compose up -d qdrant"):
        ServerIndex.connect(IndexSettings(url="http://127.0.0.1:9"), FINGERPRINT)
