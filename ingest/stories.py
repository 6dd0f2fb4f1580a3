"""Groups articles that tell the same story: by a named origin, as copies, as updates and across languages.

Two articles tell the same story if most sentences of one have their counterpart in the other, in the same order.
Articles that state different values of the same measure are different reports, however alike their words are: the
days of a series share all but the figures.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from assistant.core import rows
from assistant.core.articles import ArticleStore
from assistant.core.embedding import FloatArray
from assistant.core.records import Article, Relation
from assistant.core.rows import EmbeddedPassage

MIN_COSINE = 0.8
"""Minimum cosine of two articles' mean vectors; below it, their sentences are not compared."""

SAME_SENTENCE = 0.97
"""Minimum cosine of two sentences of one language that say the same."""

MOST = 0.8
"""Minimum share of one article's sentences that the other has, within one language."""

TRANSLATED, IN_ORDER = 0.865, 0.5
"""Minimum likeness and order of two articles in different languages (``likeness``, ``order``).

Of the 123 articles of NTREX in three languages, all 369 pairs of translations lie above both, and of the 42,124 other
pairs of articles with similar mean vectors none does.
"""

SHARED_FIGURES = 0.5
"""Minimum share of the figures of the article with fewer of them that its translation has, too."""

MIN_FIGURES = 2
SHORT = 4
"""Articles with fewer sentences have too few for the comparison alone."""

WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Membership:
    """The story that an article tells, and what the article is to the story's first one."""

    story_id: str
    relation: Relation = Relation.OWN


def text_digest(text: str) -> str:
    """SHA-256 of a text, ignoring differences in white space: equal for copies of an article."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def membership(article: Article, passages: Sequence[EmbeddedPassage], store: ArticleStore) -> Membership:
    """The story of an article: that of a stored article telling the same story, else its own."""
    if origin := store.by_origin(article):
        found = _relation(article, passages, origin, store.passages_of(origin.id))
        return Membership(origin.story_id, found or Relation.OWN)
    if article.published is None or not passages:
        return Membership(article.id)
    means = store.means_between(article.published - WITHIN, article.published + WITHIN)
    mean = np.frombuffer(rows.mean(passages), np.float32)
    close = {i: cosine for i, other in means.items() if (cosine := float(mean @ other)) >= MIN_COSINE}
    close.pop(article.id, None)
    for other in sorted(store.articles(close), key=lambda one: -close[one.id]):
        if found := _relation(article, passages, other, store.passages_of(other.id)):
            return Membership(other.story_id, found)
    return Membership(article.id)


def _relation(
    article: Article,
    passages: Sequence[EmbeddedPassage],
    other: Article,
    theirs: Sequence[EmbeddedPassage],
) -> Relation | None:
    """What an article is to another one of the same story; None if they tell different ones."""
    if not passages or not theirs:
        return None
    cosines = _sentences(passages) @ _sentences(theirs).T
    if article.language is not other.language:
        is_alike = likeness(cosines) >= TRANSLATED and order(cosines) >= IN_ORDER
        is_short = min(cosines.shape) < SHORT
        is_translation = is_alike and _share_figures(passages, theirs, must_have=is_short)
        return Relation.TRANSLATION if is_translation else None
    if _differ(passages, theirs):
        return None
    held, repeated = (float((cosines.max(axis=axis) >= SAME_SENTENCE).mean()) for axis in (1, 0))
    if held >= MOST:
        return Relation.COPY
    return Relation.UPDATE if repeated >= MOST else None


def likeness(cosines: FloatArray) -> float:
    """The mean cosine of each sentence with its best counterpart, in the direction in which it is lower.

    Args:
        cosines: Of each sentence of one text with each of the other, shape (sentences, sentences).
    """
    return float(min(cosines.max(axis=1).mean(), cosines.max(axis=0).mean()))


def order(cosines: FloatArray) -> float:
    """The share of both texts' sentences that are each other's best counterpart and stand in the same order.

    Args:
        cosines: As for ``likeness``.
    """
    there, back = cosines.argmax(axis=1), cosines.argmax(axis=0)
    rising: list[int] = []  # patience sorting: its length is that of the longest increasing run
    for i, j in enumerate(there.tolist()):
        if back[j] == i:
            at = bisect_left(rising, j)
            rising[at : at + 1] = [j]
    return 2 * len(rising) / sum(cosines.shape)


def _sentences(passages: Sequence[EmbeddedPassage]) -> FloatArray:
    """The vectors of all sentences, in order, shape (sentences, dimensions)."""
    return np.concatenate([passage.sentences_dense for passage in passages])


def _share_figures(
    passages_a: Sequence[EmbeddedPassage], passages_b: Sequence[EmbeddedPassage], *, must_have: bool
) -> bool:
    """Whether two articles share most figures: the days of a series have the same sentences, but other figures."""
    figures_a, figures_b = _figures(passages_a), _figures(passages_b)
    fewer = min(len(figures_a), len(figures_b))
    if fewer < MIN_FIGURES:
        return not must_have
    return len(figures_a & figures_b) >= SHARED_FIGURES * fewer


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


def _figures(passages: Sequence[EmbeddedPassage]) -> set[str]:
    """Full dates, and values from 10 up: small numbers are everywhere.

    Their kinds are left out, since languages count differently (the 25th, 25분).
    """
    figures = [figure for p in passages for figure in p.passage.figures]
    dates = {f.date for f in figures if f.date and len(f.date) == 10 and "X" not in f.date}
    return dates | {str(f.value.normalize()) for f in figures if f.value is not None and f.value >= 10}
