"""One contract for every vector index: Edge, qdrant-client in process, and a server where there is one."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from qdrant_client import QdrantClient

from assistant.core.embedding import EmbedderIdentity
from assistant.core.errors import IndexLocked, IndexUnavailable, SettingsError
from assistant.core.index import EdgeIndex, Fingerprint, IndexPoint, VectorIndex
from assistant.core.index.server import ServerIndex
from assistant.core.lexical import passage_vector, query_vector
from assistant.core.records import Filters
from assistant.core.text import Language

# Payload indexes speed up a server; the client in process takes them and says that they do nothing there.
pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

KO, VI = Language.KO, Language.VI
FINGERPRINT = Fingerprint(EmbedderIdentity("m", "r", "query: ", "passage: ", 3), "1", "1")
Opener = Callable[..., VectorIndex]


@pytest.fixture(params=["edge", "in-process client", pytest.param("server", marks=pytest.mark.qdrant)])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same index again and again."""
    if request.param == "edge":
        yield lambda fingerprint=FINGERPRINT, **options: EdgeIndex(tmp_path / "index", fingerprint, **options)
        return
    client = QdrantClient(":memory:") if request.param == "in-process client" else QdrantClient(url=os.environ["QDRANT_URL"])
    name = f"test-{uuid.uuid4()}"
    yield lambda fingerprint=FINGERPRINT, **options: ServerIndex(client, name, fingerprint, **options)
    client.delete_collection(name)
    client.close()


def _point(
    passage_id: str, dense: list[float], text: str, language: Language = KO, publisher: str = "A", day: date | None = None
) -> IndexPoint:
    vector = np.array(dense, np.float32) / np.linalg.norm(dense)
    article = passage_id.rpartition(":")[0]
    return IndexPoint(passage_id, article, 0, 1, language, publisher, day, article, vector, passage_vector(text, language))


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
    if isinstance(index, EdgeIndex):
        index.close()
    other = replace(FINGERPRINT, chunker="2")
    with pytest.raises(SettingsError, match=r"(?s)chunker: stored '1', settings '2'.*ingest rebuild"):
        opener(other)
    assert opener(other, check=False).count() == 0


def test_an_edge_index_survives_closing(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, FINGERPRINT)
    index.upsert(POINTS)
    index.close()
    assert EdgeIndex(tmp_path, FINGERPRINT).count() == len(POINTS)


def test_an_edge_index_held_by_another_process_is_named_as_such(tmp_path: Path) -> None:
    EdgeIndex(tmp_path, FINGERPRINT).close()
    shard = str(tmp_path / "shard")
    code = f"import qdrant_edge, sys; s = qdrant_edge.EdgeShard.load({shard!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(IndexLocked, match="in use by another process"):
            EdgeIndex(tmp_path, FINGERPRINT)
        holder.communicate()
    EdgeIndex(tmp_path, FINGERPRINT).close()


def test_a_server_that_does_not_answer_is_named_with_what_to_do() -> None:
    with pytest.raises(IndexUnavailable, match="docker compose up -d qdrant"):
        ServerIndex.connect("http://127.0.0.1:9", None, "passages", FINGERPRINT)
