"""The queue of read articles: every one is worked off once, in its newest text, whoever dies on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.core.articles import ArticleStore
from assistant.core.languages import Language
from assistant.core.queue import CLAIM, Queued
from assistant.core.records import Article


@pytest.fixture
def store(database_url: str) -> Iterator[ArticleStore]:
    opened = ArticleStore(database_url)
    yield opened
    opened.close()


def _queued(name: str, text: str = "예산은 3조 원이다.") -> Queued:
    day = date(2026, 10, 1)
    article = Article(name, f"file:///{name}", "제목", text, Language.KO, day, "신문", updated=day)
    return Queued(article, f"digest of {text}", f"source of {text}", ("etag", None))


def test_what_is_put_is_claimed_as_it_was_in_the_order_it_came(store: ArticleStore) -> None:
    numbers = [store.queue.put(_queued(name)) for name in ("b", "a", "c")]
    assert store.queue.claim(2) == [
        replace(_queued(name), number=n) for name, n in zip("ba", numbers, strict=False)
    ]
    assert store.queue.left(numbers) == set(numbers)
    assert store.counts()["waiting"] == 3


def test_what_one_worker_has_claimed_no_other_gets_until_it_is_given_back(store: ArticleStore) -> None:
    store.queue.put(_queued("a"))
    claimed = store.queue.claim(5)
    assert store.queue.claim(5) == []
    store.queue.release(claimed)
    assert store.queue.claim(5) == claimed


def test_what_a_worker_that_died_had_claimed_is_taken_up_after_a_while(
    store: ArticleStore,
) -> None:
    store.queue.put(_queued("a"))
    claimed = store.queue.claim(1)
    assert store.queue.claim(1) == []
    assert store.queue.claim(1, datetime.now(UTC) + 2 * CLAIM) == claimed


def test_what_was_claimed_before_the_clock_was_set_back_is_free(store: ArticleStore) -> None:
    store.queue.put(_queued("a"))
    claimed = store.queue.claim(1, datetime.now(UTC) + timedelta(days=365))
    assert store.queue.claim(1) == claimed


def test_a_newer_text_takes_the_place_of_an_older_one_that_is_in_work(store: ArticleStore) -> None:
    store.queue.put(_queued("a"))
    (older,) = store.queue.claim(1)
    store.queue.put(_queued("a", "예산은 4조 원이다."))
    store.save(older, [])
    assert store.articles() == []
    (newer,) = store.queue.claim(1)
    store.save(newer, [])
    (article,) = store.articles()
    assert "4조" in article.text
    assert store.counts()["waiting"] == 0


def test_an_article_that_is_removed_does_not_come_back_from_the_queue(store: ArticleStore) -> None:
    store.save(_queued("a"), [])
    store.queue.put(_queued("a", "예산은 4조 원이다."))
    (waiting,) = store.queue.claim(1)
    assert store.queue.holds("a")
    store.remove("a")
    store.save(waiting, [])
    assert store.articles() == []
    assert not store.queue.holds("a")
