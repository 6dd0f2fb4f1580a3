"""Chooses the figure that a question asks for, without a language model: kind, clause, sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.core.embedding import Embedder
from assistant.core.figures import Figure, Kind, agrees
from assistant.core.records import Evidence
from assistant.evidence import figures_of, figures_of_kind, is_about, share, states_attribute
from assistant.question import Question
from assistant.retrieve import Retrieved

_BEFORE, _AFTER = 60, 25
"""Characters of a figure's clause."""

_SENTENCE_WEIGHT = 1.0
_ATTRIBUTES_WEIGHT = 2.0
_WORDS_WEIGHT = 3.0
"""In standard deviations: what a sentence's score of 1, and a clause that holds all the question's words, count for."""

MIN_CONFIDENCE = 0.6
"""Below it a figure is shown only where the model names it by itself."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A figure in its evidence sentence.

    ``confidence`` (0 to 1) is its share among all candidates; ``is_certain`` says that it may be shown without a second opinion.
    """

    evidence: Evidence
    figure: Figure
    confidence: float
    is_certain: bool


def choose(question: Question, evidence: Sequence[Evidence], retrieved: Retrieved, embedder: Embedder) -> Chosen | None:
    """The figure of the kind asked whose clause is nearest the question; None where no article with the question's names has one.

    Nearness is the clause's cosine in standard deviations, so that clauses of different languages compare, its share of the
    question's words where both are in one language, and the score of its sentence.
    """
    candidates = _candidates(question, evidence)
    if question.kind is None or not candidates:
        return None
    clauses = [_clause(item, figure) for item, figure in candidates]
    scores = np.array(
        [
            retrieved.stats[item.article.language].zscore(retrieved.query, float(cosine))
            + _SENTENCE_WEIGHT * item.score
            + _ATTRIBUTES_WEIGHT * _attributes_in(clause, question)
            + (
                _WORDS_WEIGHT * share(question.focus, clause, question.language)
                if item.article.language is question.language
                else 0.0
            )
            for (item, _), clause, cosine in zip(candidates, clauses, embedder.passages(clauses) @ retrieved.query, strict=True)
        ]
    )
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    best = int(shares.argmax())
    item, figure = candidates[best]
    same = [s for (_, other), s in zip(candidates, shares, strict=True) if agrees(other, figure)]
    confidence = float(sum(same))
    return Chosen(item, figure, round(confidence, 3), is_certain=confidence >= MIN_CONFIDENCE)


def _candidates(question: Question, evidence: Sequence[Evidence]) -> list[tuple[Evidence, Figure]]:
    """The figures of the kind asked; of the unit asked, conversions included, where there are any."""
    fitting = [item for item in evidence if is_about(item, question) and states_attribute(item, question)]
    of_kind = [(item, figure) for item in fitting for figure in figures_of_kind(item, question.kind)]
    of_unit = [(item, figure) for item, figure in of_kind if figure.unit == question.unit]
    return of_unit or [(item, figure) for item, figure in of_kind if _can_answer(figure) and _may_be(figure, question)]


def _attributes_in(clause: str, question: Question) -> float:
    """The part of what the question asks about that a clause names in any language, 0 to 1."""
    return sum(a.is_in(clause) for a in question.attributes) / len(question.attributes) if question.attributes else 0.0


def _may_be(figure: Figure, question: Question) -> bool:
    """Whether a figure without the unit asked may be meant: things that the article does not name, votes for people."""
    if question.kind is not Kind.COUNT or not question.unit:
        return True
    return figure.unit == "item" or {figure.unit, question.unit} == {"person", "vote"}


def _clause(item: Evidence, figure: Figure) -> str:
    """The words around a figure, up to the figures beside it."""
    others = figures_of(item)
    start = max((f.end for f in others if f.end <= figure.start), default=0)
    end = min((f.start for f in others if f.start >= figure.end), default=len(item.quote))
    return item.quote[max(start, figure.start - _BEFORE) : min(end, figure.end + _AFTER)].strip()


def _can_answer(figure: Figure) -> bool:
    """A conversion in brackets repeats the amount before it; a bare day of the month says nothing."""
    return figure.linked_to is None and not (figure.date or "").startswith("XXXX-XX")
