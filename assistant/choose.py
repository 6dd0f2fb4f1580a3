"""Chooses the figure that a question asks for, without a language model: kind, clause, sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.core.embedding import Embedder, FloatArray
from assistant.core.figures import Figure
from assistant.core.records import Evidence
from assistant.evidence import figures_of_kind
from assistant.question import Question

_BEFORE, _AFTER = 60, 25
"""Characters of a figure's clause."""

_CLAUSE_WEIGHT = 4.0
"""Cosines of clauses lie close together; this brings their differences to the scale of evidence scores."""

_TEMPERATURE = 0.15

MIN_CONFIDENCE = 0.5
"""Below it no figure is put forward: the model, or a quotation, has to answer."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A figure in its evidence sentence; ``confidence`` (0 to 1) is its share among all candidates."""

    evidence: Evidence
    figure: Figure
    confidence: float


def choose(question: Question, evidence: Sequence[Evidence], query: FloatArray, embedder: Embedder) -> Chosen | None:
    """The figure of the kind asked whose clause is nearest the question; None where no sentence holds one."""
    candidates = [
        (item, figure) for item in evidence for figure in figures_of_kind(item, question.kind) if figure.linked_to is None
    ]
    if question.kind is None or not candidates:
        return None
    clauses = [item.quote[max(0, f.start - _BEFORE) : f.end + _AFTER] for item, f in candidates]
    cosines = embedder.passages(clauses) @ query
    scores = np.array([item.score for item, _ in candidates]) + _CLAUSE_WEIGHT * (cosines - cosines.mean())
    shares = np.exp((scores - scores.max()) / _TEMPERATURE)
    shares /= shares.sum()
    best = int(shares.argmax())
    item, figure = candidates[best]
    return Chosen(item, figure, round(float(shares[best]), 3))
