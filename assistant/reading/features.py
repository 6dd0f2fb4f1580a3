"""Computes the features of every sentence and figure in a question's evidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.core.entities import Name, find_attributes, mentions
from assistant.core.figures import Figure, Kind, agrees, read_figures
from assistant.core.languages import Language, pack
from assistant.core.records import Evidence
from assistant.core.words import placed_terms, terms
from assistant.question.understand import Question
from assistant.reading.candidates import FloatArray
from assistant.reading.overlap import TermOverlap
from assistant.reading.trained import TrainedReading
from assistant.reading.weights import FEATURES, SENTENCE_FEATURES
from assistant.retrieval.evidence import near, share

Z_RANGE = 3.0
"""Standard deviations that map to a feature value of 1."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEFORE = 400
"""Characters before a sentence that are searched for the year or name it is still about."""
_SHORT = 15


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate figure in context.

    ``nearness`` is its clause's to the question, in standard deviations; ``rank`` and ``sentence`` are its
    sentence's rank and log-probability; ``beside`` holds the other figures of its kind in the sentence.
    """

    item: Evidence
    figure: Figure
    clause: str
    rank: int
    nearness: float
    beside: tuple[Figure, ...]
    sentence: float


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The years, things and places (countries) mentioned in a sentence, with offsets from its start.

    Years and things also come from the text before it, things from the title too.
    """

    years: tuple[tuple[int, str], ...]
    things: tuple[tuple[int, Name], ...]
    places: tuple[tuple[int, Name], ...]

    @classmethod
    def of(cls, item: Evidence) -> "_Spoken":
        article = item.article
        start = max(0, item.start - _BEFORE)
        text, shift = article.text[start : item.end], start - item.start
        figures = read_figures(text, article.language, article.published)
        named = [(at + shift, name) for at, name in mentions(text, article.language)]
        title = [(shift - 1, name) for _, name in mentions(article.title, article.language)]
        return cls(
            tuple((f.start + shift, f.date[:4]) for f in figures if f.date and f.date[:4].isdecimal()),
            tuple((at, name) for at, name in (*title, *named) if not name.is_country),
            tuple((at, name) for at, name in named if name.is_country and at >= 0),
        )

    def years_before(self, at: int) -> list[str]:
        return [year for start, year in self.years if start < at]


class Features:
    """The features of one question's evidence."""

    def __init__(self, question: Question, evidence: Sequence[Evidence], trained: TrainedReading) -> None:
        self._question, self._evidence, self._trained = question, evidence, trained
        self._years = frozenset(f.date[:4] for f in question.figures if f.date and f.date[:4].isdecimal())
        self._numbers = frozenset(
            term
            for term in terms(question.standalone, question.language)
            if term[0].isdecimal() and not _YEAR.fullmatch(term)
        )
        self._things = frozenset(name.id for name in question.names if not name.is_country)
        self._places = frozenset(name.id for name in question.names if name.is_country)
        self._asked = frozenset(name.id for name in question.attributes)
        self._overlap = TermOverlap(question, evidence)
        articles = {item.article.id: item.article for item in evidence}
        self._names_of_article = {
            key: _part(question.names, f"{article.title}\n{article.text}")
            for key, article in articles.items()
        }
        self._shared = {item: self._of_words(item) for item in evidence}

    def of_sentences(self) -> FloatArray:
        """Features of the evidence sentences, shape (sentences, len(SENTENCE_FEATURES))."""
        question = self._question
        found = []
        for rank, item in enumerate(self._evidence):
            measures = {
                **self._shared[item],
                "nearness": item.nearness / Z_RANGE,
                "passage": item.passage_score,
                "rank": 1 / (1 + rank),
                "score": item.score,
                "kind_asked": any(figure.kind in question.answer_type.kinds for figure in item.figures),
                "has_figure": bool(item.figures),
                "asks_figure": bool(question.answer_type),
                "short": len(item.quote) < _SHORT,
                "first": item.start <= item.article.body_start + 3,
                "trained": self._trained.of_sentence(item),
            }
            found.append([float(measures[name]) for name in SENTENCE_FEATURES])
        return np.array(found).reshape(-1, len(SENTENCE_FEATURES))

    def of_figures(self, places: Sequence[Place]) -> FloatArray:
        """Features of the figures, shape (figures, len(FEATURES))."""
        spoken = {place.item: _Spoken.of(place.item) for place in places}
        found = []
        for place in places:
            measures = {
                **self._of_place(place),
                **self._of_kind(place.figure),
                **self._of_what_is_spoken_of(place, spoken[place.item]),
            }
            found.append([float(measures[name]) for name in FEATURES])
        return np.array(found).reshape(-1, len(FEATURES))

    def _of_words(self, item: Evidence) -> Mapping[str, float]:
        """Overlap of the question's words, names and attributes with a sentence and its context."""
        question, language, context = self._question, item.article.language, near(item)
        same = language is question.language
        placed = placed_terms(context, language) if same else []
        return {
            "words": share(question.focus, (term for term, _ in item.span.terms)) if same else 0,
            "near_words": share(question.focus, (term for term, _ in placed)),
            "other_language": not same,
            "names": _part(question.names, item.quote),
            "near_names": _part(question.names, context),
            "article_names": self._names_of_article[item.article.id],
            "attributes": _part(question.attributes, item.quote),
            "near_attributes": _part(question.attributes, context),
            "overlap": self._overlap.share_of_sentence(item),
            "near_overlap": self._overlap.share(context, language, placed),
        }

    def _of_place(self, place: Place) -> Mapping[str, float]:
        """Features of the sentence and the clause around a figure."""
        item, figure, clause = place.item, place.figure, place.clause
        question, language = self._question, item.article.language
        shared, context = self._shared[item], near(item)
        head = clause_of(item, figure, part=3)
        return {
            "sentence": place.sentence,
            "clause_nearness": place.nearness / Z_RANGE,
            "sentence_nearness": item.nearness / Z_RANGE,
            "passage": item.passage_score,
            "rank": 1 / (1 + place.rank),
            "clause_words": share(question.focus, terms(clause, language))
            if language is question.language
            else 0,
            "sentence_words": shared["words"],
            "clause_attributes": _part(question.attributes, clause),
            "sentence_attributes": shared["attributes"],
            "clause_names": _part(question.names, clause),
            "sentence_names": shared["names"],
            "sentence_overlap": shared["overlap"],
            **{name: shared[name] for name in FEATURES if name in shared},
            "numbers": sum(n in context for n in self._numbers) / len(self._numbers) if self._numbers else 1,
            "figure_overlap": self._overlap.share_of_figure(item, figure, place.beside),
            "head_attributes": _part(question.attributes, head),
            "head_others": self._others(head, language),
            "clause_others": self._others(clause, language),
            "trained": self._trained.of_figure(item, figure),
        }

    def _of_kind(self, figure: Figure) -> Mapping[str, float]:
        """Features of the figure itself, compared with what the question asks for."""
        question, expected = self._question, self._question.answer_type
        is_asked = figure.kind in expected.kinds
        return {
            "kind_asked": is_asked,
            "kind_first": expected.kinds[:1] == (figure.kind,),
            "kind_second": figure.kind in expected.kinds[1:2],
            "kind_later": figure.kind in expected.kinds[2:],
            "asks_no_figure": not expected.kinds,
            "unit_same": bool(expected.unit) and figure.unit == expected.unit,
            "unit_other": bool(expected.unit) and figure.unit not in (expected.unit, "item", ""),
            "no_unit": not figure.unit,
            "conversion": figure.linked_to is not None,
            "bare_day": (figure.date or "").startswith("XXXX-XX"),
            "date_part": _date_part(question, figure),
            "bound": _bound(question, figure),
            "in_question": any(agrees(figure, other) or agrees(other, figure) for other in question.figures),
            "told": any(agrees(figure, told) for told in question.told),
            "vague": figure.vague,
            "is_date": figure.kind is Kind.DATE,
            "is_rank": figure.kind is Kind.RANK,
            "date_not_asked": figure.kind is Kind.DATE and not is_asked,
        }

    def _of_what_is_spoken_of(self, place: Place, spoken: _Spoken) -> Mapping[str, float]:
        """Features that compare the years, names and places mentioned before a figure with the question's."""
        item, figure = place.item, place.figure
        article, context = item.article, near(item)
        years_near = spoken.years_before(figure.start)
        year_before = next((year for year in reversed(years_near) if year in context), "")
        # "This year" may only be a point of comparison: another year counts only if it is written out.
        years = {f.date[:4] for f in item.figures if f is not figure and f.date and f.date[:4] in f.text}
        thing, country = _last(spoken.things, figure.start), _last(spoken.places, figure.start)
        return {
            "years": self._years_in(f"{context} {article.published} {' '.join(years_near)}"),
            "article_years": self._years_in(f"{article.published} {article.title}\n{article.text}"),
            "other_years": bool(years and self._years and not years & self._years),
            "year_before": bool(year_before and year_before in self._years),
            "other_year_before": bool(year_before and self._years and year_before not in self._years),
            "name_before": thing is not None and thing.id in self._things,
            "other_name_before": thing is not None and bool(self._things) and thing.id not in self._things,
            "place_before": country is not None and country.id in self._places,
            "other_place_before": country is not None
            and bool(self._places)
            and country.id not in self._places,
        }

    def _others(self, text: str, language: Language) -> float:
        """The share of a text's attributes that the question does not ask about; 0 if the text has none."""
        found = find_attributes(text, language)
        return sum(a.id not in self._asked for a in found) / len(found) if found else 0.0

    def _years_in(self, text: str) -> float:
        return sum(year in text for year in self._years) / len(self._years) if self._years else 1.0


def clause_of(item: Evidence, figure: Figure, *, part: int = 1) -> str:
    """The words around a figure, bounded by the neighbouring figures and 1/``part`` of the usual clause length.

    For a table cell: the row label, the column head and the cell itself.
    """
    if row := item.span.row:
        return row.clause(row.column_of(figure.start), item.article.language)
    lengths = pack(item.article.language).lengths
    before, after = lengths.clause_before // part, lengths.clause_after // part
    start = max((f.end for f in item.figures if f.end <= figure.start), default=0)
    end = min((f.start for f in item.figures if f.start >= figure.end), default=len(item.quote))
    return item.quote[max(start, figure.start - before) : min(end, figure.end + after)].strip()


def _last(named: Sequence[tuple[int, Name]], at: int) -> Name | None:
    """The last name that starts before an offset."""
    return next((name for start, name in reversed(named) if start < at), None)


def _part(names: Sequence[Name], text: str) -> float:
    """The share of the names that occur in a text; 1 if there are no names."""
    return sum(name.is_in(text) for name in names) / len(names) if names else 1.0


def _date_part(question: Question, figure: Figure) -> bool:
    """Whether a date has the part (year or day) that the question asks for."""
    if not figure.date:
        return False
    has_day, has_year = figure.date.count("-") == 2, figure.date[:4].isdecimal()
    return ("year" in question.answer_type.hints and has_year) or (
        "day" in question.answer_type.hints and has_day
    )


def _bound(question: Question, figure: Figure) -> bool:
    """Whether a figure has the bound (at most, at least) that the question asks for."""
    return ("at_most" in question.answer_type.hints and figure.high is not None) or (
        "at_least" in question.answer_type.hints and figure.low is not None
    )
