"""The worker: what is queued is embedded once and stored, and what fails is noted or stays in the queue."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from fakes import HashEmbedder

from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import ModelUnavailable
from assistant.core.languages import Language
from assistant.core.ledger import SourceState
from assistant.core.queue import Queued
from assistant.core.records import Article
from ingest.ingester import Ingester, IngestOutcome
from ingest.sources import find_sources
from ingest.stories import text_digest
from ingest.worker import Worker


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArticleStore]:
    opened = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    yield opened
    opened.close()


def _put(store: ArticleStore, name: str, text: str) -> None:
    article = Article(name, f"file:///{name}", "제목", text, Language.KO)
    store.queue.put(Queued(article, text_digest(text), name))


def _worker(store: ArticleStore, embedder: HashEmbedder, **kwargs: Any) -> Worker:
    return Worker(store, cast(Embedder, embedder), **kwargs)


def test_queued_articles_are_stored_with_a_vector_for_each_passage_and_sentence(store: ArticleStore) -> None:
    embedder = HashEmbedder()
    _put(store, "a", "예산은 3조 원이다. 기금은 2조 원이다.")
    _put(store, "b", "예산은 5조 원이다.")
    assert _worker(store, embedder).work() == 2
    assert _worker(store, embedder).work() == 0
    (passage,) = store.passages_of("a")
    texts = ["제목\n예산은 3조 원이다. 기금은 2조 원이다.", "예산은 3조 원이다.", "기금은 2조 원이다."]
    wanted = HashEmbedder().passages(texts)
    assert passage.dense.tolist() == wanted[0].tolist()
    assert passage.sentences_dense == pytest.approx(wanted[1:], abs=1e-3)
    assert store.counts()["waiting"] == 0


def test_a_sentence_that_recurs_is_embedded_once(store: ArticleStore) -> None:
    embedder = HashEmbedder()
    _put(store, "a", "예산은 3조 원이다. 무단 전재를 금한다.")
    _put(store, "b", "예산은 5조 원이다. 무단 전재를 금한다.")
    _worker(store, embedder).work()
    assert embedder.embedded.count("무단 전재를 금한다.") == 1


def test_of_two_queued_copies_one_is_stored_and_the_other_refers_to_it(store: ArticleStore) -> None:
    for name in ("a", "b"):
        _put(store, name, "예산은 3조 원이다.")
    _worker(store, HashEmbedder()).work()
    assert [article.id for article in store.articles()] == ["a"]
    assert [row.article_id for row in store.ledger.rows()] == ["a", "a"]


def test_a_copy_of_what_an_article_of_the_same_batch_said_before_is_stored(store: ArticleStore) -> None:
    _put(store, "a", "예산은 3조 원이다.")
    _worker(store, HashEmbedder()).work()
    _put(store, "a", "예산은 5조 원이다.")
    _put(store, "b", "예산은 3조 원이다.")
    assert _worker(store, HashEmbedder()).work() == 2
    assert {a.id: "3조" in a.text for a in store.articles()} == {"a": False, "b": True}


def test_the_article_that_cannot_be_embedded_is_noted_and_the_others_are_stored(store: ArticleStore) -> None:
    embedder = HashEmbedder()
    embedder.fails_at = "5조"
    for n in (3, 5, 7):
        _put(store, f"{n}", f"예산은 {n}조 원이다.")
    _worker(store, embedder).work()
    assert {article.id for article in store.articles()} == {"3", "7"}
    failed = store.ledger.row("file:///5")
    assert failed is not None
    assert (failed.state, "cannot be embedded" in str(failed.error)) == (SourceState.FAILED, True)
    assert store.counts()["waiting"] == 0


def test_what_a_broken_model_leaves_behind_is_in_the_queue_and_is_stored_later(store: ArticleStore) -> None:
    embedder = HashEmbedder()
    embedder.fails_at, embedder.error = "조", ModelUnavailable("The model is gone.")
    _put(store, "a", "예산은 3조 원이다.")
    with pytest.raises(ModelUnavailable):
        _worker(store, embedder).work()
    embedder.fails_at = ""
    assert _worker(store, embedder).work() == 1
    assert len(store.articles()) == 1


def test_questions_may_go_first_before_each_batch_of_texts(store: ArticleStore) -> None:
    asked: list[int] = []
    embedder = HashEmbedder()
    _put(store, "a", " ".join(f"예산은 {n}조 원이다." for n in range(200)))
    _worker(store, embedder, give_way=lambda: asked.append(len(embedder.embedded))).work()
    assert len(asked) >= 3
    assert max(after - before for before, after in pairwise(asked)) <= 16


def test_articles_are_extracted_by_several_processes_and_none_is_lost(
    store: ArticleStore, tmp_path: Path
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(12):
        (folder / f"{n}.txt").write_text(f"제목 {n}\n\n예산은 {n + 2}조 원이다.\n")
    (folder / "bad.txt").write_bytes(b"\0\1")
    ingester = Ingester(store, _worker(store, HashEmbedder()).work, workers=2)
    outcomes = {r.source.name: r.outcome for r in ingester.add(find_sources([str(folder)]))}
    assert outcomes.pop("bad.txt") is IngestOutcome.FAILED
    assert set(outcomes.values()) == {IngestOutcome.NEW}
    assert len(store.articles()) == len(outcomes) == 12
