"""A rebuild beside the passages in use: cut short, gone back on, and beside a process that still has the old vectors."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from fakes import Crash
from sqlalchemy import create_engine, update

from assistant.core import schema
from assistant.core.articles import ArticleStore
from assistant.core.embedding import EmbedderIdentity
from assistant.core.errors import SettingsError
from assistant.core.index import Fingerprint
from assistant.core.languages import Language
from assistant.core.queue import Queued
from assistant.core.records import Article, Passage
from assistant.core.rows import EmbeddedPassage
from assistant.core.spans import read_span

OLD = Fingerprint(EmbedderIdentity("m", "r", "", "", 3), "1")
NEW = replace(OLD, chunker="2")


class Remade:
    """Makes passages along an axis, keeps of which articles, and ends the process where it is told to."""

    def __init__(self, axis: int, ends_at: str = "", dimensions: int = 3) -> None:
        self.axis, self.ends_at, self.dimensions, self.names = axis, ends_at, dimensions, list[str]()

    def __call__(self, article: Article) -> list[EmbeddedPassage]:
        if article.id == self.ends_at:
            raise Crash
        self.names.append(article.id)
        vector = np.eye(self.dimensions, dtype=np.float32)[self.axis]
        passage = Passage(f"{article.id}:0", article.id, 0, 9, (read_span(article, 0, 9),))
        return [EmbeddedPassage(passage, vector, vector[None])]


@pytest.fixture
def store(database_url: str) -> Iterator[ArticleStore]:
    opened = ArticleStore(database_url)
    opened.require_fingerprint(OLD)
    for name in "abc":
        _save(opened, name, "점유율은 17%다.")
    yield opened
    opened.close()


def _save(store: ArticleStore, name: str, text: str) -> None:
    article = Article(name, f"file:///{name}", "제목", text, Language.KO, story_id=name)
    store.save(Queued(article, text, text), Remade(0)(article))


def _axes(store: ArticleStore) -> dict[str, int]:
    found = store.passages(store.passage_ids()).values()
    return {one.passage.article_id: int(one.dense.argmax()) for one in found}


def test_until_all_is_made_again_the_old_passages_are_in_use_and_a_rebuild_cut_short_goes_on(
    store: ArticleStore,
) -> None:
    with pytest.raises(Crash):
        store.rebuild(NEW, Remade(1, ends_at="c"))
    assert _axes(store) == {"a": 0, "b": 0, "c": 0}
    store.require_current()
    remade = Remade(1)
    done: list[int] = []
    assert store.rebuild(NEW, remade, done.append) == sum(done) == 3
    assert remade.names == ["c"]
    assert _axes(store) == {"a": 1, "b": 1, "c": 1}
    assert set(store.moments()) == {Language.KO}
    assert store.moments()[Language.KO][0].total.tolist() == [0, 3, 0]


def test_going_back_makes_only_what_came_or_changed_meanwhile(store: ArticleStore) -> None:
    store.rebuild(NEW, Remade(1))
    _save(store, "b", "점유율은  17%다.")  # white space alone
    _save(store, "d", "점유율은 30%다.")
    store.remove("c")
    remade = Remade(2)
    assert store.rebuild(OLD, remade) == 3
    assert remade.names == ["b", "d"]
    assert _axes(store) == {"a": 0, "b": 2, "d": 2}
    again = Remade(2)
    store.rebuild(NEW, again)
    assert again.names == []


def test_an_embedder_of_other_dimensions_replaces_the_vectors_and_their_sums(store: ArticleStore) -> None:
    wide = replace(OLD, embedder=replace(OLD.embedder, dimensions=5))
    store.rebuild(wide, Remade(4, dimensions=5))
    assert _axes(store) == {"a": 4, "b": 4, "c": 4}
    assert store.moments()[Language.KO][1].total.tolist() == [0, 0, 0, 0, 3]
    store.rebuild(OLD, Remade(2))
    assert store.moments()[Language.KO][1].total.tolist() == [3, 0, 0]


def test_passages_that_cannot_be_read_any_more_are_kept_unread_and_replaced(
    store: ArticleStore, database_url: str
) -> None:
    with create_engine(database_url).begin() as db:
        db.execute(update(schema.passages).values(sentences=[[0, 9]]))  # as the first release stored them
    store.rebuild(NEW, Remade(1))
    assert _axes(store) == {"a": 1, "b": 1, "c": 1}


def test_an_article_that_changes_while_it_is_made_again_is_made_once_more(store: ArticleStore) -> None:
    class Disturbed(Remade):
        def __call__(self, article: Article) -> list[EmbeddedPassage]:
            if article.id == "b" and "20" not in article.text:
                _save(store, "b", "점유율은 20%다.")
            return super().__call__(article)

    remade = Disturbed(1)
    store.rebuild(NEW, remade)
    assert remade.names == ["a", "b", "c", "b"]
    assert _axes(store) == {"a": 1, "b": 1, "c": 1}
    assert store.articles(["b"])[0].text == "점유율은 20%다."


def test_an_article_of_which_nothing_can_be_made_does_not_hold_the_others_up(store: ArticleStore) -> None:
    def only_a(article: Article) -> list[EmbeddedPassage]:
        return Remade(1)(article) if article.id == "a" else []

    assert store.rebuild(NEW, only_a) == 3
    assert _axes(store) == {"a": 1}


def test_the_same_fingerprint_makes_everything_again(store: ArticleStore) -> None:
    remade = Remade(1)
    store.rebuild(OLD, remade)
    store.rebuild(OLD, remade)
    assert remade.names == [*"abc", *"abc"]


def test_a_process_with_the_old_embedder_writes_nothing_more(store: ArticleStore, database_url: str) -> None:
    other = ArticleStore(database_url)
    other.rebuild(NEW, Remade(1))
    other.close()
    with pytest.raises(SettingsError, match="Start this program again"):
        store.require_current()
    with pytest.raises(SettingsError, match="Start this program again"):
        _save(store, "d", "점유율은 30%다.")
    assert _axes(other) == {"a": 1, "b": 1, "c": 1}
    _save(other, "d", "점유율은 30%다.")
    other.close()
