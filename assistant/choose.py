"""Chooses the figure that a question asks for, without a language model, and says how sure that is.

Every figure of the evidence that may answer is a candidate with a few measures of how it fits the question; one more choice is that
none of them is the answer. Their weights are those of a conditional logit (McFadden 1974), which ``python -m eval fit choice`` fits
on the development half of the cases, so that the shares are probabilities.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.core.embedding import Embedder
from assistant.core.figures import Figure, Kind, agrees, read_figures
from assistant.core.names import Name, find_attributes, mentions
from assistant.core.records import Evidence
from assistant.core.text import Language
from assistant.core.words import terms
from assistant.cues import Cues
from assistant.evidence import figures_of, near, share
from assistant.question import Question
from assistant.retrieve import Retrieved

_CLAUSE = {Language.KO: (60, 25), Language.VI: (110, 50), Language.EN: (110, 50)}
"""Characters of a figure's clause, before and after it."""
_YEAR = re.compile(r"(?:19|20)\d\d")
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
    "article_years",
    "other_years",
    "year_before",
    "other_year_before",
    "name_before",
    "other_name_before",
    "figure_cues",
    "sentence_cues",
    "near_cues",
    "head_attributes",
    "head_others",
    "clause_others",
    "place_before",
    "other_place_before",
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

FILE = Path(__file__).with_name("choice.toml")
MIN_CONFIDENCE = 0.4
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
    """What each of ``FEATURES`` counts for; ``none`` is the score of no candidate being the answer.

    ``refuse_from`` is, per language of the question, the probability of none from which on it is refused.
    """

    features: NDArray[np.float64]
    none: float
    refuse_from: Mapping[Language, float] = field(default_factory=dict)

    def probabilities(self, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """The probability of each candidate, then that of none."""
        scores = np.array([float(self.features @ c.features) for c in candidates] + [self.none])
        shares = np.exp(scores - scores.max())
        probabilities: NDArray[np.float64] = shares / shares.sum()
        return probabilities


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates with their probabilities; ``none`` is the probability that none of them is the answer."""

    candidates: Sequence[Candidate] = ()
    probabilities: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    none: float = 1.0
    chosen: Chosen | None = None

    def mass(self, figure: Figure) -> float:
        """The probability of a figure: several sentences may state the same, and theirs add up."""
        stating = zip(self.candidates, self.probabilities, strict=True)
        return sum(float(p) for candidate, p in stating if agrees(candidate.figure, figure))

    def with_chosen(self, chosen: Chosen) -> "Choice":
        """The same with another figure chosen."""
        return replace(self, chosen=chosen)


def choose(question: Question, evidence: Sequence[Evidence], retrieved: Retrieved, embedder: Embedder) -> Choice:
    """The figure that most likely answers; none where the question asks for none or the evidence has none of the kinds asked."""
    found = candidates(question, evidence, retrieved, embedder)
    if not found:
        return Choice()
    probabilities = weights().probabilities(found)
    choice = Choice(found, probabilities[:-1], float(probabilities[-1]))
    together = [choice.mass(one.figure) for one in found]
    best = max(range(len(found)), key=lambda i: (together[i], probabilities[i]))
    certain = together[best] >= MIN_CONFIDENCE
    chosen = Chosen(found[best].evidence, found[best].figure, round(together[best], 3), is_certain=certain)
    return choice.with_chosen(chosen)


def candidates(question: Question, evidence: Sequence[Evidence], retrieved: Retrieved, embedder: Embedder) -> list[Candidate]:
    """Every figure of the kinds asked, with its measures."""
    found = [
        (rank, item, figure)
        for rank, item in enumerate(evidence)
        for figure in figures_of(item)
        if figure.kind in question.asked.kinds
    ]
    in_currency = [place for place in found if place[2].kind is Kind.MONEY and place[2].unit == question.asked.unit]
    found = in_currency or found  # no conversion is ever made: an amount in another currency is no answer
    found = [place for place in found if not any(agrees(place[2], told) for told in question.told)] or found
    if not found:
        return []
    clauses = [_clause(item, figure, *_CLAUSE[item.article.language]) for _, item, figure in found]
    cosines = embedder.passages(clauses) @ retrieved.query
    nearness = [
        retrieved.stats[item.article.language].zscore(retrieved.query, float(cosine))
        for (_, item, _), cosine in zip(found, cosines, strict=True)
    ]
    about = _About.of(question, evidence)
    places = [
        _Place(item, figure, clause, rank, z, tuple(other for _, same, other in found if same is item and other is not figure))
        for (rank, item, figure), clause, z in zip(found, clauses, nearness, strict=True)
    ]
    return [Candidate(place.item, place.figure, about.features(place)) for place in places]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a candidate stands: its clause with its nearness to the question, its sentence's rank, the candidates beside it."""

    item: Evidence
    figure: Figure
    clause: str
    rank: int
    nearness: float
    beside: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class _About:
    """What of a question the measures look at."""

    question: Question
    figures: tuple[Figure, ...]
    years: frozenset[str]
    numbers: frozenset[str]
    things: frozenset[tuple[str, ...]]
    cues: Cues
    places: frozenset[tuple[str, ...]]
    asked: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, question: Question, evidence: Sequence[Evidence]) -> "_About":
        figures = read_figures(question.standalone, question.language)
        return cls(
            question,
            figures,
            frozenset(f.date[:4] for f in figures if f.date and f.date[:4].isdecimal()),
            frozenset(
                term for term in terms(question.standalone, question.language) if term[0].isdecimal() and not _YEAR.fullmatch(term)
            ),
            frozenset(name.spellings for name in question.names if not name.is_country),
            Cues(question, evidence),
            frozenset(name.spellings for name in question.names if name.is_country),
            frozenset(name.spellings for name in (*question.attributes, *question.names)),
        )

    def features(self, place: _Place) -> NDArray[np.float64]:
        item, figure, clause = place.item, place.figure, place.clause
        question, language = self.question, item.article.language
        same = language is question.language
        context, kinds = near(item), question.asked.kinds
        article = f"{item.article.title}\n{item.article.text}"
        years_near, name_before, country = _before(item, figure)
        year_before = next((year for year in reversed(years_near) if year in context), "")
        head = _clause(item, figure, *(length // 3 for length in _CLAUSE[language]))
        # "This year" may stand for comparison only: other years have to be written out.
        years = {f.date[:4] for f in figures_of(item) if f is not figure and f.date and f.date[:4] in f.text}
        measures = {
            "clause_nearness": place.nearness / _Z_RANGE,
            "sentence_nearness": item.nearness / _Z_RANGE,
            "passage": item.passage_score,
            "rank": 1 / (1 + place.rank),
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
            "years": self._years(f"{context} {item.article.published} {' '.join(years_near)}"),
            "article_years": self._years(f"{item.article.published} {article}"),
            "other_years": bool(years and self.years and not years & self.years),
            "year_before": bool(year_before and year_before in self.years),
            "other_year_before": bool(year_before and self.years and year_before not in self.years),
            "name_before": name_before is not None and name_before.spellings in self.things,
            "other_name_before": name_before is not None and bool(self.things) and name_before.spellings not in self.things,
            "figure_cues": self.cues.share_of_figure(item, figure, place.beside),
            "sentence_cues": self.cues.share_of_sentence(item),
            "near_cues": self.cues.share(context, language),
            "head_attributes": _part(question.attributes, head),
            "head_others": self._others(head, language),
            "clause_others": self._others(clause, language),
            "place_before": country is not None and country.spellings in self.places,
            "other_place_before": country is not None and bool(self.places) and country.spellings not in self.places,
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

    def _others(self, text: str, language: Language) -> float:
        """The part of a text's attributes that the question does not ask about; 0 where it has none."""
        found = find_attributes(text, language)
        return sum(a.spellings not in self.asked for a in found) / len(found) if found else 0.0

    def _years(self, text: str) -> float:
        return sum(year in text for year in self.years) / len(self.years) if self.years else 1.0


def _before(item: Evidence, figure: Figure) -> tuple[list[str], Name | None, Name | None]:
    """The years, the last name of a thing, and the last place of the sentence, that are spoken of before a figure."""
    article = item.article
    start = max(0, item.start - _BEFORE)
    text, at = article.text[start : item.end], item.start - start + figure.start
    years = [
        f.date[:4]
        for f in _figures(text, article.language, article.published)
        if f.date and f.date[:4].isdecimal() and f.start < at
    ]
    named = [(position, name) for position, name in mentions(text, article.language) if position < at]
    things = [name for _, name in named if not name.is_country]
    things = things or [name for _, name in mentions(article.title, article.language) if not name.is_country]
    places = [name for position, name in named if name.is_country and position >= item.start - start]
    return years, (things[-1] if things else None), (places[-1] if places else None)


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


def _clause(item: Evidence, figure: Figure, before: int, after: int) -> str:
    """The words around a figure, up to the figures beside it."""
    others = figures_of(item)
    start = max((f.end for f in others if f.end <= figure.start), default=0)
    end = min((f.start for f in others if f.start >= figure.end), default=len(item.quote))
    return item.quote[max(start, figure.start - before) : min(end, figure.end + after)].strip()


@lru_cache(maxsize=1024)
def _figures(text: str, language: Language, published: date | None) -> tuple[Figure, ...]:
    return read_figures(text, language, published)


@cache
def weights() -> Weights:
    """The fitted weights."""
    stored = tomllib.loads(FILE.read_text(encoding="utf-8"))
    limits = {Language(tag): limit for tag, limit in stored["refuse_from"].items()}
    return Weights(np.array([stored[name] for name in FEATURES]), stored["none"], limits)
