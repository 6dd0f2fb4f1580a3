"""Reads by code: measures of a sentence or a figure against the question, weighed by fitted weights.

Two questions are put, one after the other: which sentence bears the answer, and which figure of the best
sentences it is. The weights of each are a conditional logit, fitted by ``python -m eval fit measures`` and
stored beside this file.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from assistant.core.embedding import Embedder
from assistant.core.figures import Figure, Kind, agrees, read_figures
from assistant.core.names import Name, find_attributes, mentions
from assistant.core.records import Evidence
from assistant.core.text import Language
from assistant.core.words import terms
from assistant.question.understand import Question
from assistant.reading.candidates import Candidate, FloatArray, Reading
from assistant.reading.cues import Cues
from assistant.reading.trained import Shown, TrainedReader, Window, shown
from assistant.retrieval.evidence import figures_of, near, row_of, share
from assistant.retrieval.retriever import Retrieved

_CLAUSE = {Language.KO: (60, 25), Language.VI: (110, 50), Language.EN: (110, 50)}
"""Characters of a figure's clause, before and after it."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE = 400
"""Characters before a sentence in which a year or a name is still the one spoken of."""
_Z_RANGE = 3.0
"""Standard deviations that count as 1."""

SENTENCE_FEATURES = (
    "nearness",
    "passage",
    "rank",
    "score",
    "words",
    "near_words",
    "other_language",
    "names",
    "near_names",
    "article_names",
    "attributes",
    "near_attributes",
    "cues",
    "near_cues",
    "kind_asked",
    "has_figure",
    "asks_figure",
    "short",
    "first",
    "trained",
)
"""The measures of a sentence; most are shares, 0 to 1, nearness is in units of 3 standard deviations.

``trained`` is the trained reader's log-odds, in units of 5, here as below.
"""
FEATURES = (
    "sentence",
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
    "kind_asked",
    "kind_first",
    "asks_no_figure",
    "date_not_asked",
    "vague",
    "told",
    "is_date",
    "is_rank",
    "trained",
)
"""The measures of a figure; ``sentence`` is the logarithm of its sentence's probability."""

NONE_FEATURES = (
    "figure_none",
    "sentence_none",
    "best_score",
    "best_nearness",
    "names_missing",
    "words_missing",
    "years_missing",
    "kind_missing",
    "asks_figure",
    "trained_figure",
    "trained_sentence",
)
"""The measures of a question's having no answer; most are shares, ``words`` are names that only look like
names.
"""

FILE = Path(__file__).with_name("measures.toml")
N_WINDOWS = 10
"""Sentences, the best by score first, that the trained reader reads."""
N_READ = 8
"""Sentences, the likeliest first, whose figures are candidates."""
_MAX_CANDIDATES = 24
_TRAINED_RANGE = 5.0
_UNREAD = -2.0
"""What the trained reader would make of a sentence that it does not read."""
_LEAST = 1e-4
"""Probability that no sentence falls below."""
_SHORT = 15


@dataclass(frozen=True, slots=True)
class Weights:
    """What each measure counts for; ``none`` is the score of no sentence, or no figure, being the answer."""

    features: FloatArray
    none: float

    def read(self, features: FloatArray) -> Reading:
        """The reading of candidates with these measures, shape (candidates, measures)."""
        return Reading.of_scores(features @ self.features if len(features) else (), self.none)


@dataclass(frozen=True, slots=True)
class Measured:
    """The evidence in the order of its probability and the candidates among its figures, each with measures and reading."""

    evidence: tuple[Evidence, ...] = ()
    sentence_features: FloatArray = field(default_factory=lambda: np.zeros((0, len(SENTENCE_FEATURES))))
    sentences: Reading = field(default_factory=lambda: Reading(np.zeros(0), 0.0))
    candidates: tuple[Candidate, ...] = ()
    features: FloatArray = field(default_factory=lambda: np.zeros((0, len(FEATURES))))
    figures: Reading = field(default_factory=lambda: Reading(np.zeros(0), 0.0))
    none_features: FloatArray = field(default_factory=lambda: np.zeros(len(NONE_FEATURES)))

    @property
    def none(self) -> float:
        """The probability that the articles do not hold the answer, by a logistic regression of its measures."""
        weighed = weights("none")
        return float(1 / (1 + np.exp(-(self.none_features @ weighed.features + weighed.none))))


def read(
    question: Question,
    evidence: Sequence[Evidence],
    retrieved: Retrieved,
    embedder: Embedder,
    reader: TrainedReader,
) -> Measured:
    """Read sentences, then the figures of the best ones."""
    if not evidence:
        return Measured()
    trained = Trained.of(question, evidence, reader)
    about = _About.of(question, evidence, trained)
    found = np.array([about.of_sentence(item, rank) for rank, item in enumerate(evidence)])
    reading = weights("sentence").read(found)
    order = np.argsort(-reading.candidates, kind="stable")
    ranked = tuple(evidence[i] for i in order)
    sentences = Reading(reading.candidates[order], reading.none)
    places = _places(question, ranked[:N_READ], sentences, retrieved, embedder)
    features = np.array([about.features(place) for place in places]).reshape(-1, len(FEATURES))
    candidates = tuple(Candidate(place.item, place.figure) for place in places)
    figures = weights("figure").read(features)
    best = (
        _best(found[:, SENTENCE_FEATURES.index("trained")]),
        _best(features[:, FEATURES.index("trained")]),
    )
    none = _none(question, evidence, (sentences, figures), candidates, best)
    return Measured(ranked, found[order], sentences, candidates, features, figures, none)


def _best(values: FloatArray) -> float:
    return float(values.max()) if len(values) else _UNREAD


@dataclass(frozen=True, slots=True)
class Trained:
    """What the trained reader makes of the evidence: each sentence as it was shown, and its window."""

    windows: dict[Evidence, tuple[Window, Shown]]

    @classmethod
    def of(cls, question: Question, evidence: Sequence[Evidence], reader: TrainedReader) -> "Trained":
        """Reads the first sentences."""
        items = evidence[:N_WINDOWS]
        texts = [shown(item) for item in items]
        windows = reader.read(question.standalone, [text.text for text in texts])
        return cls({item: (window, text) for item, window, text in zip(items, windows, texts, strict=True)})

    def of_sentence(self, item: Evidence) -> float:
        """The log-odds of an answer in a sentence, in units of 5."""
        if item not in self.windows:
            return _UNREAD
        window, text = self.windows[item]
        return max(_UNREAD, window.score(text.start, len(text.text)) / _TRAINED_RANGE)

    def of_figure(self, item: Evidence, figure: Figure) -> float:
        """The same of a figure."""
        if item not in self.windows:
            return _UNREAD
        window, text = self.windows[item]
        return max(_UNREAD, window.score(*text.place(figure)) / _TRAINED_RANGE)


def _none(
    question: Question,
    evidence: Sequence[Evidence],
    read_as: tuple[Reading, Reading],
    candidates: Sequence[Candidate],
    trained: tuple[float, float],
) -> FloatArray:
    sentences, figures = read_as
    texts = [f"{item.article.title}\n{item.article.published}\n{item.article.text}" for item in evidence]
    known = [name for name in question.names if name.is_known]
    words = [name for name in question.names if not name.is_known]
    years = sorted(
        {figure.date[:4] for figure in question.figures if figure.date and figure.date[:4].isdecimal()}
    )
    kinds = {candidate.figure.kind for candidate in candidates}
    measures = {
        "figure_none": np.exp(figures.none) if question.asked else 0.0,
        "sentence_none": np.exp(sentences.none),
        "best_score": max(item.score for item in evidence),
        "best_nearness": max(item.nearness for item in evidence) / _Z_RANGE,
        "names_missing": _share_missing(known, texts),
        "words_missing": _share_missing(words, texts),
        "years_missing": sum(not any(year in text for text in texts) for year in years) / len(years)
        if years
        else 0.0,
        "kind_missing": bool(question.asked) and not kinds & set(question.asked.kinds),
        "asks_figure": bool(question.asked),
        "trained_figure": trained[1] if question.asked else 0.0,
        "trained_sentence": trained[0],
    }
    return np.array([float(measures[name]) for name in NONE_FEATURES])


def _share_missing(names: Sequence[Name], texts: Sequence[str]) -> float:
    """The part of the names that no text has, 0 where there are none."""
    return sum(not any(name.is_in(text) for text in texts) for name in names) / len(names) if names else 0.0


def _places(
    question: Question,
    evidence: Sequence[Evidence],
    sentences: Reading,
    retrieved: Retrieved,
    embedder: Embedder,
) -> "list[_Place]":
    """Every figure of the sentences, those of the kinds asked first where there are too many."""
    found = [(rank, item, figure) for rank, item in enumerate(evidence) for figure in figures_of(item)]
    if len(found) > _MAX_CANDIDATES:
        found = sorted(
            sorted(found, key=lambda f: f[2].kind not in question.asked.kinds)[:_MAX_CANDIDATES],
            key=lambda f: f[0],
        )
    if not found:
        return []
    clauses = [_clause(item, figure, *_CLAUSE[item.article.language]) for _, item, figure in found]
    cosines = embedder.passages(clauses) @ retrieved.query
    return [
        _Place(
            item,
            figure,
            clause,
            rank,
            retrieved.stats[item.article.language].zscore(retrieved.query, float(cosine)),
            tuple(
                other
                for _, same, other in found
                if same is item and other is not figure and other.kind is figure.kind
            ),
            max(float(sentences.candidates[rank]), float(np.log(_LEAST))),
        )
        for (rank, item, figure), clause, cosine in zip(found, clauses, cosines, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a candidate stands: its clause with its nearness to the question, its sentence's rank, others of its kind beside it.

    ``sentence`` is the logarithm of the sentence's probability.
    """

    item: Evidence
    figure: Figure
    clause: str
    rank: int
    nearness: float
    beside: tuple[Figure, ...]
    sentence: float


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
    trained: Trained

    @classmethod
    def of(cls, question: Question, evidence: Sequence[Evidence], trained: Trained) -> "_About":
        figures = question.figures
        return cls(
            question,
            figures,
            frozenset(f.date[:4] for f in figures if f.date and f.date[:4].isdecimal()),
            frozenset(
                term
                for term in terms(question.standalone, question.language)
                if term[0].isdecimal() and not _YEAR.fullmatch(term)
            ),
            frozenset(name.spellings for name in question.names if not name.is_country),
            Cues(question, evidence),
            frozenset(name.spellings for name in question.names if name.is_country),
            frozenset(name.spellings for name in (*question.attributes, *question.names)),
            trained,
        )

    def of_sentence(self, item: Evidence, rank: int) -> FloatArray:
        """The measures of an evidence sentence, which is at this place among them."""
        question, language = self.question, item.article.language
        same, context, figures = language is question.language, near(item), figures_of(item)
        measures = {
            "nearness": item.nearness / _Z_RANGE,
            "passage": item.passage_score,
            "rank": 1 / (1 + rank),
            "score": item.score,
            "words": share(question.focus, item.quote, language) if same else 0,
            "near_words": share(question.focus, context, language) if same else 0,
            "other_language": not same,
            "names": _part(question.names, item.quote),
            "near_names": _part(question.names, context),
            "article_names": _part(question.names, f"{item.article.title}\n{item.article.text}"),
            "attributes": _part(question.attributes, item.quote),
            "near_attributes": _part(question.attributes, context),
            "cues": self.cues.share_of_sentence(item),
            "near_cues": self.cues.share(context, language),
            "kind_asked": any(figure.kind in question.asked.kinds for figure in figures),
            "has_figure": bool(figures),
            "asks_figure": bool(question.asked),
            "short": len(item.quote) < _SHORT,
            "first": item.start <= item.article.body_start + 3,
            "trained": self.trained.of_sentence(item),
        }
        return np.array([float(measures[name]) for name in SENTENCE_FEATURES])

    def features(self, place: _Place) -> FloatArray:
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
        is_asked = figure.kind in kinds
        measures = {
            "sentence": place.sentence,
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
            "other_name_before": name_before is not None
            and bool(self.things)
            and name_before.spellings not in self.things,
            "figure_cues": self.cues.share_of_figure(item, figure, place.beside),
            "sentence_cues": self.cues.share_of_sentence(item),
            "near_cues": self.cues.share(context, language),
            "head_attributes": _part(question.attributes, head),
            "head_others": self._others(head, language),
            "clause_others": self._others(clause, language),
            "place_before": country is not None and country.spellings in self.places,
            "other_place_before": country is not None
            and bool(self.places)
            and country.spellings not in self.places,
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
            "kind_asked": is_asked,
            "kind_first": kinds[:1] == (figure.kind,),
            "asks_no_figure": not kinds,
            "date_not_asked": figure.kind is Kind.DATE and not is_asked,
            "vague": figure.vague,
            "told": any(agrees(figure, told) for told in question.told),
            "is_date": figure.kind is Kind.DATE,
            "is_rank": figure.kind is Kind.RANK,
            "trained": self.trained.of_figure(item, figure),
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
    """The words around a figure, up to the figures beside it.

    In a table's row, those of its label, its column and itself.
    """
    if row := row_of(item):
        return row.clause(row.column_of(figure.start), item.article.language)
    others = figures_of(item)
    start = max((f.end for f in others if f.end <= figure.start), default=0)
    end = min((f.start for f in others if f.start >= figure.end), default=len(item.quote))
    return item.quote[max(start, figure.start - before) : min(end, figure.end + after)].strip()


@lru_cache(maxsize=1024)
def _figures(text: str, language: Language, published: date | None) -> tuple[Figure, ...]:
    return read_figures(text, language, published)


@cache
def weights(of: str) -> Weights:
    """The fitted weights of ``sentence``, ``figure`` or ``none``."""
    stored = tomllib.loads(FILE.read_text(encoding="utf-8"))[of]
    names = {"sentence": SENTENCE_FEATURES, "figure": FEATURES, "none": NONE_FEATURES}[of]
    return Weights(np.array([stored[name] for name in names]), stored["none"])
