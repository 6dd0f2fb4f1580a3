"""Groups articles that tell the same story: a named origin, or similar content within days, across languages."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from assistant.core import rows
from assistant.core.articles import ArticleStore
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
    means = store.means_between(article.published - WITHIN, article.published + WITHIN)
    mean = np.frombuffer(rows.mean(passages), np.float32)
    close = {
        i: cosine for i, other in means.items() if (cosine := float(mean @ other)) >= OTHER_LANGUAGE_COSINE
    }
    near = [
        (close[other.id], other)
        for other in store.articles(close)
        if other.id != article.id and _tell_the_same(article, passages, other, store, close[other.id])
    ]
    return max(near, key=lambda pair: pair[0])[1].story_id if near else article.id


def _tell_the_same(
    article: Article, passages: Sequence[EmbeddedPassage], other: Article, store: ArticleStore, cosine: float
) -> bool:
    theirs = store.passages_of(other.id)
    if _differ(passages, theirs):
        return False
    if article.language is other.language:
        return cosine >= SAME_LANGUAGE_COSINE
    figures, their_figures = _figures(passages), _figures(theirs)
    fewer = min(len(figures), len(their_figures))
    return fewer >= MIN_FIGURES and len(figures & their_figures) >= SHARED_FIGURES * fewer


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


def _figures(passages: Sequence[EmbeddedPassage]) -> set[tuple[str, str]]:
    """Values with their kinds.

    Only full dates, and only other values from 10 up: small numbers are everywhere.
    """
    figures = [figure for p in passages for figure in p.passage.figures]
    dates = {(f.kind.value, f.date) for f in figures if f.date and len(f.date) == 10 and "X" not in f.date}
    return dates | {
        (f.kind.value, str(f.value.normalize())) for f in figures if f.value is not None and f.value >= 10
    }
