"""The store and its ledger, on SQLite and, where there is one, on PostgreSQL; the index follows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from fakes import Crash, CrashingIndex

from assistant.core.articles import ArticleStore
from assistant.core.embedding import EmbedderIdentity
from assistant.core.errors import DatabaseUnavailable, SettingsError
from assistant.core.index import EdgeIndex, Fingerprint
from assistant.core.languages import Language
from assistant.core.queue import Queued
from assistant.core.records import Article, Passage, Relation, Span
from assistant.core.rows import EmbeddedPassage
from assistant.core.spans import read_span

FINGERPRINT = Fingerprint(EmbedderIdentity("m", "r", "", "", 3), "1")


@pytest.fixture
def store(database_url: str) -> Iterator[ArticleStore]:
    opened = ArticleStore(database_url)
    yield opened
    opened.close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EdgeIndex]:
    opened = EdgeIndex(tmp_path / "index", FINGERPRINT)
    yield opened
    opened.close()


def _article(
    name: str = "a", body: str = "점유율은 17%다. 끝이다.", day: date | None = date(2025, 11, 27)
) -> Article:
    return Article(name, f"file:///{name}", "제목", body, Language.KO, day, "신문", story_id=name)


def _passages(article: Article, n: int = 1) -> list[EmbeddedPassage]:
    sentences = (read_span(article, 0, 9), read_span(article, 10, 14))
    return [
        EmbeddedPassage(
            Passage(f"{article.id}:{i}", article.id, 0, len(article.text), sentences),
            np.array([1, 0, 0], np.float32),
            np.array([[1, 0, 0], [0, 1, 0]], np.float32),
        )
        for i in range(n)
    ]


def _save(store: ArticleStore, article: Article, n: int = 1, digest: str = "source") -> None:
    store.save(Queued(article, f"text of {article.text}", digest), _passages(article, n))


def test_what_is_saved_comes_back_as_it_was(store: ArticleStore) -> None:
    article = _article()
    _save(store, article)
    assert store.articles(["a"]) == [article]
    embedded = store.passages(["a:0", "unknown"])["a:0"]
    assert embedded.passage == _passages(article)[0].passage
    assert embedded.sentences_dense.tolist() == [[1, 0, 0], [0, 1, 0]]
    found, whole = store.read_passages(["a:0", "unknown"])["a:0"]
    assert (found, whole.passage) == (article, embedded.passage)
    unread = store.passages(["a:0"], is_read=False)["a:0"]
    assert (unread.passage.start, unread.passage.sentences) == (embedded.passage.start, ())
    assert unread.sentences_dense.tolist() == embedded.sentences_dense.tolist()
    assert store.ledger.row("file:///a").source_digest == "source"  # type: ignore[union-attr]


def test_contradictions_are_found_across_passages_and_kept_with_spans_of_the_article(
    store: ArticleStore,
) -> None:
    sentences = ["1조 위안(약 193조 원)이다.", "600억 위안(1조 1590억 원)이다."]
    article = _article(body=" ".join(sentences))
    passages, at = [], 0
    for n, sentence in enumerate(sentences):
        span = read_span(article, at, at + len(sentence))
        passage = Passage(f"a:{n}", "a", span.start, span.end, (span,))
        passages.append(
            EmbeddedPassage(passage, np.array([1, 0, 0], np.float32), np.array([[1, 0, 0]], np.float32))
        )
        at += len(sentence) + 1
    store.save(Queued(article, "text", "source"), passages)
    (found,) = store.contradictions()["a"]
    assert [article.text[f.start : f.end] for f in found.second] == ["600억 위안", "1조 1590억 원"]
    assert store.contradictions(["other"]) == {}
    store.remove("a")
    assert store.contradictions() == {}


def test_saving_again_replaces_article_and_passages(store: ArticleStore) -> None:
    _save(store, _article(), n=3)
    _save(store, _article(body="새 글이다. 다시."), n=1, digest="other")
    assert store.counts() == {"articles": 1, "passages": 1, "sources": 1, "waiting": 0, "pending": 2}
    assert [row.source_digest for row in store.ledger.rows()] == ["other"]


def test_sums_of_vectors_follow_every_change_as_if_counted_anew(store: ArticleStore) -> None:
    rng = np.random.default_rng(0)
    vectors: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def save(name: str) -> None:
        dense, sentences = (
            rng.normal(size=3).astype(np.float32),
            rng.normal(size=(2, 3)).astype(np.float16).astype(np.float32),
        )
        vectors[name] = dense, sentences
        article = _article(name, body=f"글 {name}.")
        passage = Passage(f"{name}:0", name, 0, 4, (Span(0, 2), Span(2, 4)))
        store.save(Queued(article, name, "source"), [EmbeddedPassage(passage, dense, sentences)])

    def check() -> None:
        passages, sentences = store.moments()[Language.KO]
        all_passages, all_sentences = (
            np.stack([p for p, _ in vectors.values()]),
            np.concatenate([s for _, s in vectors.values()]),
        )
        for found, of in ((passages, all_passages), (sentences, all_sentences)):
            assert found.n == len(of)
            assert found.mean() == pytest.approx(of.mean(0), abs=1e-6)
            assert found.covariance() == pytest.approx(np.cov(of.T, bias=True), abs=1e-6)

    for name in ("a", "b", "c", "a"):
        save(name)
    check()
    store.remove("b")
    del vectors["b"]
    check()
    remade = {
        name: [EmbeddedPassage(Passage(f"{name}:0", name, 0, 4, (Span(0, 2), Span(2, 4))), *pair)]
        for name, pair in vectors.items()
    }
    store.rebuild(FINGERPRINT, lambda article: remade[article.id])
    check()
    store.remove("a")
    store.remove("c")
    assert store.moments() == {}


def test_articles_come_newest_first_and_undated_last(store: ArticleStore) -> None:
    for name, day in (("old", date(2024, 1, 1)), ("none", None), ("new", date(2025, 1, 1))):
        _save(store, _article(name, day=day, body=name))
    assert [article.id for article in store.articles()] == ["new", "old", "none"]


def test_the_index_follows_saving_changing_and_removing(store: ArticleStore, index: EdgeIndex) -> None:
    _save(store, _article(), n=3)
    assert store.synchronise(index) == 1
    _save(store, _article(body="새 글이다. 다시."), n=2)
    _save(store, _article("b", body="다른 글"))
    assert store.synchronise(index) == 2
    assert set(index.passage_ids()) == store.passage_ids() == {"a:0", "a:1", "b:0"}
    store.remove("a")
    store.synchronise(index)
    assert set(index.passage_ids()) == {"b:0"}
    assert store.synchronise(index) == 0
    assert [row.article_id for row in store.ledger.rows()] == ["b"]


def test_a_change_whose_following_was_cut_short_is_followed_again(
    store: ArticleStore, index: EdgeIndex
) -> None:
    _save(store, _article())
    with pytest.raises(Crash):
        store.synchronise(CrashingIndex())  # type: ignore[arg-type]
    assert store.synchronise(index) == 1
    assert index.count() == 1


def test_an_archive_of_another_fingerprint_is_refused_until_rebuilt(store: ArticleStore) -> None:
    store.require_fingerprint(FINGERPRINT)
    other = replace(FINGERPRINT, chunker="2")
    store.require_fingerprint(other)  # still empty: taken on
    _save(store, _article())
    with pytest.raises(SettingsError, match="chunker: stored '2', settings '1'"):
        store.require_fingerprint(FINGERPRINT)
    assert store.rebuild(FINGERPRINT, lambda article: _passages(article, 2)) == 1
    store.require_fingerprint(FINGERPRINT)
    assert store.counts()["passages"] == 2


def test_new_terms_reach_the_index_without_a_rebuild(store: ArticleStore, index: EdgeIndex) -> None:
    _save(store, _article())
    store.refresh_terms("1")
    assert store.synchronise(index) == 1
    store.refresh_terms("1")
    assert store.counts()["pending"] == 0
    store.refresh_terms("2")
    assert store.synchronise(index) == 1


def test_every_process_sees_that_something_changed(store: ArticleStore, index: EdgeIndex) -> None:
    before = store.generation()
    _save(store, _article())
    store.synchronise(index)
    saved = store.generation()
    store.remove("a")
    assert before < saved < store.generation()


def test_a_story_names_its_articles_the_first_one_first(store: ArticleStore) -> None:
    _save(store, replace(_article("b", body="둘"), story_id="c", relation=Relation.TRANSLATION))
    _save(store, replace(_article("c", body="하나"), story_id="c"))
    found = store.story_members(["c", "x"])
    assert [(one.article_id, one.relation) for one in found.pop("c")] == [("c", "own"), ("b", "translation")]
    assert found == {}


def test_a_database_that_cannot_be_opened_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnavailable, match="NEWS_DATABASE__URL") as caught:
        ArticleStore("postgresql+psycopg://me:secret@127.0.0.1:9/news")
    assert "secret" not in str(caught.value)
    with pytest.raises(DatabaseUnavailable):
        ArticleStore("nonsense")
