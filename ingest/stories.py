"""Groups articles that tell the same story: a named origin, or similar content within days, across languages."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from assistant.core.articles import ArticleStore
from assistant.core.embedding import FloatArray
from assistant.core.records import Article
from assistant.core.rows import EmbeddedPassage

SAME_LANGUAGE_COSINE = 0.97
OTHER_LANGUAGE_COSINE = 0.87
"""Minimum cosine of two articles' mean vectors for the same story, within and across languages."""

SHARED_FIGURES = 0.8
"""Across languages the cosine is not enough: the article with fewer figures must share this part of them."""

MIN_FIGURES = 2
WITHIN = timedelta(days=3)


def text_digest(text: str) -> str:
    """SHA-256 of a text, ignoring differences in white space: equal for copies of an article."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def story_of(article: Article, passages: Sequence[EmbeddedPassage], store: ArticleStore) -> str:
    """The id of an article's story: that of a stored article telling the same story, else its own."""
    if story_id := store.story_by_origin(article):
        return story_id
    if article.published is None or not passages:
        return article.id
    others = store.published_between(article.published - WITHIN, article.published + WITHIN)
    near = [
        (cosine, other)
        for other, theirs in others
        if other.id != article.id and (cosine := _likeness(article, passages, other, theirs))
    ]
    return max(near, key=lambda pair: pair[0])[1].story_id if near else article.id


def _likeness(
    a: Article, passages_a: Sequence[EmbeddedPassage], b: Article, passages_b: Sequence[EmbeddedPassage]
) -> float:
    """Cosine of two articles that tell the same story, 0 if they do not."""
    if _differ(passages_a, passages_b):
        return 0.0
    cosine = float(_mean(passages_a) @ _mean(passages_b))
    if a.language is b.language:
        return cosine if cosine >= SAME_LANGUAGE_COSINE else 0.0
    figures_a, figures_b = _figures(passages_a), _figures(passages_b)
    fewer = min(len(figures_a), len(figures_b))
    shares = fewer >= MIN_FIGURES and len(figures_a & figures_b) >= SHARED_FIGURES * fewer
    return cosine if shares and cosine >= OTHER_LANGUAGE_COSINE else 0.0


def _differ(passages_a: Sequence[EmbeddedPassage], passages_b: Sequence[EmbeddedPassage]) -> bool:
    """Whether each states a value of some measure that the other lacks: a shortened copy only omits figures."""
    measures_a, measures_b = _measures(passages_a), _measures(passages_b)
    both = measures_a.keys() & measures_b.keys()
    return any(
        measures_a[measure] - measures_b[measure] and measures_b[measure] - measures_a[measure]
        for measure in both
    )


def _measures(passages: Sequence[EmbeddedPassage]) -> dict[tuple[str, str], set[str]]:
    """The exact values per kind and unit.

    Dates are left out, since a date may be written with more or fewer parts.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for figure in (figure for p in passages for figure in p.passage.figures):
        if figure.value is not None and figure.unit:
            found.setdefault((figure.kind.value, figure.unit), set()).add(str(figure.value.normalize()))
    return found


def _mean(passages: Sequence[EmbeddedPassage]) -> FloatArray:
    total: FloatArray = np.sum([p.dense for p in passages], axis=0)
    return total / np.linalg.norm(total)


def _figures(passages: Sequence[EmbeddedPassage]) -> set[tuple[str, str]]:
    """Values with their kinds.

    Only full dates, and only other values from 10 up: small numbers are everywhere.
    """
    figures = [figure for p in passages for figure in p.passage.figures]
    dates = {(f.kind.value, f.date) for f in figures if f.date and len(f.date) == 10 and "X" not in f.date}
    return dates | {
        (f.kind.value, str(f.value.normalize())) for f in figures if f.value is not None and f.value >= 10
    }
