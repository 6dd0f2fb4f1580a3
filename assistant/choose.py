"""Chooses the figure that a question asks for, without a language model, and says how sure that is.

Every figure of the evidence that may answer is a candidate with a few measures of how it fits the question; one more choice is that
none of them is the answer. Their weights are those of a conditional logit (McFadden 1974), fitted by ``python -m eval fit`` on
public reading sets with the right paragraph among the retrieved ones and without it, so that the shares are probabilities.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from datetime import date
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from assistant.core.embedding import Embedder
from assistant.core.figures import Figure, Kind, agrees, read_figures
from assistant.core.lexical import terms
from assistant.core.names import Name, mentions
from assistant.core.records import Evidence
from assistant.core.text import Language
from assistant.evidence import figures_of, near, share
from assistant.question import Question
from assistant.retrieve import Retrieved

_CLAUSE = {Language.KO: (60, 25), Language.VI: (110, 50), Language.EN: (110, 50)}
"""Characters of a figure's clause, before and after it."""
_BEFORE = 400
"""Characters before a sentence in which a year or a name is still the one spoken of."""
_Z_RANGE = 3.0
"""Standard deviations that count as 1."""

FEATURES = (
    "clause_nearness",
    "sentence_nearness",
    "passage",
    "rank",
    "other_language",
    "clause_words",
    "sentence_words",
    "clause_attributes",
    "sentence_attributes",
    "near_attributes",
    "clause_names",
    "sentence_names",
    "near_names",
    "article_names",
    "numbers",
    "years",
    "other_years",
    "year_before",
    "other_year_before",
    "name_before",
    "other_name_before",
    "clause_score",
    "kind_second",
    "kind_later",
    "unit_same",
    "unit_other",
    "no_unit",
    "conversion",
    "bare_day",
    "date_part",
    "bound",
    "in_question",
)
"""The measures of a candidate; most are shares, 0 to 1, nearness is in units of 3 standard deviations."""

MIN_CONFIDENCE = 0.5
"""Below it a figure is shown only where the model names it by itself."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that may answer, in its evidence sentence; ``features`` has one measure for each name in ``FEATURES``."""

    evidence: Evidence
    figure: Figure
    features: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A figure in its evidence sentence.

    ``confidence`` (0 to 1) is the probability that it is the one asked for; ``is_certain`` says that it may be shown without a
    second opinion.
    """

    evidence: Evidence
    figure: Figure
    confidence: float
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Weights:
    """What each of ``FEATURES`` counts for; ``none`` is the score of no candidate being the answer."""

    features: NDArray[np.float64]
    none: float

    def probabilities(self, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """The probability of each candidate, then that of none."""
        scores = np.array([float(self.features @ c.features) for c in candidates] + [self.none])
        shares: NDArray[np.float64] = np.exp(scores - scores.max())
        return shares / shares.sum()


def choose(question: Question, evidence: Sequence[Evidence], retrieved: Retrieved, embedder: Embedder) -> Chosen | None:
    """The figure that most likely answers; None where the question asks for none or the evidence has none of the kinds asked."""
    found = candidates(question, evidence, retrieved, embedder)
    if not found:
        return None
    probabilities = weights().probabilities(found)[:-1]
    # Several sentences may state the same: their probabilities add up.
    together = [
        sum(float(p) for other, p in zip(found, probabilities, strict=True) if agrees(other.figure, one.figure)) for one in found
    ]
    best = max(range(len(found)), key=lambda i: (together[i], probabilities[i]))
    return Chosen(found[best].evidence, found[best].figure, round(together[best], 3), is_certain=together[best] >= MIN_CONFIDENCE)


def candidates(
    question: Question, evidence: Sequence[Evidence], retrieved: Retrieved, embedder: Embedder
) -> list[Candidate]:
    """Every figure of the kinds asked, with its measures."""
    found = [
        (rank, item, figure)
        for rank, item in enumerate(evidence)
        for figure in figures_of(item)
        if figure.kind in question.asked.kinds
    ]
    if not found:
        return []
    clauses = [_clause(item, figure) for _, item, figure in found]
    cosines = embedder.passages(clauses) @ retrieved.query
    about = _About.of(question)
    return [
        Candidate(item, figure, about.features(item, figure, clause, rank, _nearness(item, float(cosine), retrieved)))
        for (rank, item, figure), clause, cosine in zip(found, clauses, cosines, strict=True)
    ]


def _nearness(item: Evidence, cosine: float, retrieved: Retrieved) -> float:
    return retrieved.stats[item.article.language].zscore(retrieved.query, cosine)


@dataclass(frozen=True, slots=True)
class _About:
    """What of a question the measures look at."""

    question: Question
    figures: tuple[Figure, ...]
    years: frozenset[str]
    numbers: frozenset[str]
    things: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, question: Question) -> "_About":
        figures = read_figures(question.standalone, question.language)
        return cls(
            question,
            figures,
            frozenset(f.date[:4] for f in figures if f.date and f.date[:4].isdecimal()),
            frozenset(term for term in terms(question.standalone, question.language) if term[0].isdecimal()),
            frozenset(name.spellings for name in question.names if not name.is_country),
        )

    def features(self, item: Evidence, figure: Figure, clause: str, rank: int, nearness: float) -> NDArray[np.float64]:
        question, language = self.question, item.article.language
        same = language is question.language
        context, kinds = near(item), question.asked.kinds
        article = f"{item.article.title}\n{item.article.text}"
        year_before, name_before = _before(item, figure)
        years = {f.date[:4] for f in figures_of(item) if f is not figure and f.date and f.date[:4].isdecimal()}
        measures = {
            "clause_nearness": nearness / _Z_RANGE,
            "sentence_nearness": item.nearness / _Z_RANGE,
            "passage": item.passage_score,
            "rank": 1 / (1 + rank),
            "other_language": not same,
            "clause_words": share(question.focus, clause, language) if same else 0,
            "sentence_words": share(question.focus, item.quote, language) if same else 0,
            "clause_attributes": _part(question.attributes, clause),
            "sentence_attributes": _part(question.attributes, item.quote),
            "near_attributes": _part(question.attributes, context),
            "clause_names": _part(question.names, clause),
            "sentence_names": _part(question.names, item.quote),
            "near_names": _part(question.names, context),
            "article_names": _part(question.names, article),
            "numbers": sum(n in context for n in self.numbers) / len(self.numbers) if self.numbers else 1,
            "years": self._years(context + str(item.article.published)),
            "other_years": bool(years and self.years and not years & self.years),
            "year_before": bool(year_before and year_before in self.years),
            "other_year_before": bool(year_before and self.years and year_before not in self.years),
            "name_before": name_before is not None and name_before.spellings in self.things,
            "other_name_before": name_before is not None and bool(self.things) and name_before.spellings not in self.things,
            "clause_score": _part(question.attributes, clause) * _part(question.names, context),
            "kind_second": figure.kind in kinds[1:2],
            "kind_later": figure.kind in kinds[2:],
            "unit_same": bool(question.asked.unit) and figure.unit == question.asked.unit,
            "unit_other": bool(question.asked.unit) and figure.unit not in (question.asked.unit, "item", ""),
            "no_unit": not figure.unit,
            "conversion": figure.linked_to is not None,
            "bare_day": (figure.date or "").startswith("XXXX-XX"),
            "date_part": _date_part(question, figure),
            "bound": _bound(question, figure),
            "in_question": any(agrees(figure, asked) or agrees(asked, figure) for asked in self.figures),
        }
        return np.array([float(measures[name]) for name in FEATURES])

    def _years(self, text: str) -> float:
        return sum(year in text for year in self.years) / len(self.years) if self.years else 1.0


def _before(item: Evidence, figure: Figure) -> tuple[str, Name | None]:
    """The last year and the last name of a thing that are spoken of before a figure; "" and None where there are none."""
    article = item.article
    start = max(0, item.start - _BEFORE)
    text, at = article.text[start : item.end], item.start - start + figure.start
    years = [f.date[:4] for f in _figures(text, article.language, article.published) if f.date and f.date[:4].isdecimal() and f.start < at]
    named = [name for position, name in mentions(text, article.language) if position < at]
    if not named:
        named = [name for _, name in mentions(article.title, article.language)]
    return (years[-1] if years else ""), (named[-1] if named else None)


def _part(names: Sequence[Name], text: str) -> float:
    """The part of the names that a text has, 1 where there are none."""
    return sum(name.is_in(text) for name in names) / len(names) if names else 1.0


def _date_part(question: Question, figure: Figure) -> bool:
    """Whether a date has the part that is asked for."""
    if not figure.date:
        return False
    has_day, has_year = figure.date.count("-") == 2, figure.date[:4].isdecimal()
    return ("year" in question.asked.hints and has_year) or ("day" in question.asked.hints and has_day)


def _bound(question: Question, figure: Figure) -> bool:
    """Whether a figure is the bound that is asked for."""
    return ("at_most" in question.asked.hints and figure.high is not None) or (
        "at_least" in question.asked.hints and figure.low is not None
    )


def _clause(item: Evidence, figure: Figure) -> str:
    """The words around a figure, up to the figures beside it."""
    others = figures_of(item)
    before, after = _CLAUSE[item.article.language]
    start = max((f.end for f in others if f.end <= figure.start), default=0)
    end = min((f.start for f in others if f.start >= figure.end), default=len(item.quote))
    return item.quote[max(start, figure.start - before) : min(end, figure.end + after)].strip()


@lru_cache(maxsize=1024)
def _figures(text: str, language: Language, published: date | None) -> tuple[Figure, ...]:
    return read_figures(text, language, published)


@cache
def weights() -> Weights:
    """The fitted weights."""
    stored: Mapping[str, float] = tomllib.loads(resources.files("assistant").joinpath("choice.toml").read_text(encoding="utf-8"))
    return Weights(np.array([stored[name] for name in FEATURES]), stored["none"])
