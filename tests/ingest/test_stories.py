from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from assistant.core.articles import ArticleStore
from assistant.core.languages import Language
from assistant.core.queue import Queued
from assistant.core.records import Article, Passage
from assistant.core.rows import EmbeddedPassage
from assistant.core.spans import read_span
from ingest.stories import WITHIN, story_of, text_digest

DAY = date(2025, 11, 27)
KOREAN = "점유율은 17%, 예산은 3조 원, 시행일은 2026년 1월 22일이다."
VIETNAMESE = "Thị phần 17%, ngân sách 3 nghìn tỷ won, có hiệu lực từ ngày 22/1/2026."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ArticleStore]:
    opened = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    opened.save(*_told(_article("stored", KOREAN), 1.0))
    yield opened
    opened.close()


def _article(
    name: str,
    text: str,
    language: Language = Language.KO,
    day: date | None = DAY,
    origin: str | None = None,
) -> Article:
    return Article(name, f"file:///{name}", "", text, language, day, "", origin, story_id=name)


def _passages(article: Article, cosine: float) -> list[EmbeddedPassage]:
    """One passage whose vector has this cosine with that of the stored article."""
    span = read_span(article, 0, len(article.text))
    vector = np.array([cosine, np.sqrt(1 - cosine**2)], np.float32)
    passage = Passage(f"{article.id}:0", article.id, span.start, span.end, (span,))
    return [EmbeddedPassage(passage, vector, vector[None])]


def _told(article: Article, cosine: float) -> tuple[Queued, list[EmbeddedPassage]]:
    return Queued(article, text_digest(article.text), ""), _passages(article, cosine)


def _story(store: ArticleStore, article: Article, cosine: float) -> str:
    return story_of(article, _passages(article, cosine), store)


def test_copies_of_a_text_have_one_digest_whatever_their_white_space() -> None:
    assert text_digest(" 점유율은\n17%다. ") == text_digest("점유율은 17%다.")
    assert text_digest("점유율은 17%다.") != text_digest("점유율은 18%다.")


@pytest.mark.parametrize(("cosine", "story"), [(0.98, "stored"), (0.96, "new")])
def test_of_one_language_nearly_the_same_content_is_one_story(
    store: ArticleStore, cosine: float, story: str
) -> None:
    assert _story(store, _article("new", KOREAN), cosine) == story


@pytest.mark.parametrize(
    ("text", "cosine", "story"),
    [
        (VIETNAMESE, 0.9, "stored"),
        (VIETNAMESE, 0.8, "new"),
        ("Thị phần tăng.", 0.9, "new"),
    ],
)
def test_across_languages_the_figures_have_to_be_the_same_as_well(
    store: ArticleStore, text: str, cosine: float, story: str
) -> None:
    assert _story(store, _article("new", text, Language.VI), cosine) == story


def test_an_article_with_another_value_tells_another_story(store: ArticleStore) -> None:
    assert _story(store, _article("new", KOREAN.replace("17%", "18%")), 0.99) == "new"


def test_a_shortened_copy_tells_the_same_story(store: ArticleStore) -> None:
    assert _story(store, _article("new", "점유율은 17%다."), 0.99) == "stored"


@pytest.mark.parametrize(
    ("day", "story"),
    [(DAY + WITHIN, "stored"), (DAY - WITHIN, "stored"), (DAY + WITHIN + timedelta(1), "new"), (None, "new")],
)
def test_a_story_is_told_within_days(store: ArticleStore, day: date | None, story: str) -> None:
    assert _story(store, _article("new", KOREAN, day=day), 0.99) == story


def test_an_article_that_names_its_origin_tells_the_story_of_that(store: ArticleStore) -> None:
    assert _story(store, _article("new", "다르다.", day=None, origin="file:///stored"), 0.0) == "stored"
