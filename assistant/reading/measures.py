"""The feature-based reader: scores sentences, then figures, by a weighted sum of features.

It decides first which sentence contains the answer, then which figure in the best sentences is the answer.
Each step is a conditional logit with fitted weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.core.embedding import Embedder
from assistant.core.entities import Name
from assistant.core.records import Evidence
from assistant.question.understand import Question
from assistant.reading.candidates import Candidate, FloatArray, Reading
from assistant.reading.features import Z_RANGE, Features, Place, clause_of
from assistant.reading.trained import UNREAD, TrainedReader, TrainedReading
from assistant.reading.weights import FEATURES, NONE_FEATURES, SENTENCE_FEATURES, weights
from assistant.retrieval.retriever import Retrieved

N_READ = 8
"""Number of sentences, likeliest first, whose figures become candidates."""
_MAX_CANDIDATES = 24
_LEAST = 1e-4
"""Floor of a sentence's probability."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The evidence, likeliest first, and the candidate figures in it, each with features and reading.

    ``asks_figure`` says whether the question asks for a figure: only then is one chosen.
    """

    evidence: tuple[Evidence, ...] = ()
    sentence_features: FloatArray = field(default_factory=lambda: np.zeros((0, len(SENTENCE_FEATURES))))
    sentences: Reading = field(default_factory=lambda: Reading(np.zeros(0), 0.0))
    candidates: tuple[Candidate, ...] = ()
    features: FloatArray = field(default_factory=lambda: np.zeros((0, len(FEATURES))))
    figures: Reading = field(default_factory=lambda: Reading(np.zeros(0), 0.0))
    none_features: FloatArray = field(default_factory=lambda: np.zeros(len(NONE_FEATURES)))
    asks_figure: bool = True

    @property
    def none(self) -> float:
        """The probability that the articles do not contain the answer, by logistic regression."""
        weighed = weights("none")
        return float(1 / (1 + np.exp(-(self.none_features @ weighed.features + weighed.none))))


def read(
    question: Question,
    evidence: Sequence[Evidence],
    retrieved: Retrieved,
    embedder: Embedder,
    reader: TrainedReader,
) -> Measured:
    """Score the evidence sentences, then the figures in the best ones."""
    if not evidence:
        return Measured()
    features = Features(question, evidence, TrainedReading.of(question, evidence, reader))
    found = features.of_sentences()
    reading = weights("sentence").read(found)
    order = np.argsort(-reading.candidates, kind="stable")
    ranked = tuple(evidence[i] for i in order)
    sentences = Reading(reading.candidates[order], reading.none)
    places = _places(question, ranked[:N_READ], sentences, retrieved, embedder)
    of_figures = features.of_figures(places)
    candidates = tuple(Candidate(place.item, place.figure) for place in places)
    figures = weights("figure").read(of_figures)
    best = (
        _best(found[:, SENTENCE_FEATURES.index("trained")]),
        _best(of_figures[:, FEATURES.index("trained")]),
    )
    none = _none(question, evidence, (sentences, figures), candidates, best)
    asks_figure = bool(question.answer_type)
    return Measured(ranked, found[order], sentences, candidates, of_figures, figures, none, asks_figure)


def _best(values: FloatArray) -> float:
    return float(values.max()) if len(values) else UNREAD


def _none(
    question: Question,
    evidence: Sequence[Evidence],
    read_as: tuple[Reading, Reading],
    candidates: Sequence[Candidate],
    trained: tuple[float, float],
) -> FloatArray:
    sentences, figures = read_as
    articles = {item.article.id: item.article for item in evidence}.values()
    texts = [f"{article.title}\n{article.published}\n{article.text}" for article in articles]
    known = [name for name in question.names if name.is_known]
    words = [name for name in question.names if not name.is_known]
    years = sorted(
        {figure.date[:4] for figure in question.figures if figure.date and figure.date[:4].isdecimal()}
    )
    kinds = {candidate.figure.kind for candidate in candidates}
    measures = {
        "figure_none": np.exp(figures.none) if question.answer_type else 0.0,
        "sentence_none": np.exp(sentences.none),
        "best_score": max(item.score for item in evidence),
        "best_nearness": max(item.nearness for item in evidence) / Z_RANGE,
        "names_missing": _share_missing(known, texts),
        "words_missing": _share_missing(words, texts),
        "years_missing": sum(not any(year in text for text in texts) for year in years) / len(years)
        if years
        else 0.0,
        "kind_missing": bool(question.answer_type) and not kinds & set(question.answer_type.kinds),
        "asks_figure": bool(question.answer_type),
        "trained_figure": trained[1] if question.answer_type else 0.0,
        "trained_sentence": trained[0],
    }
    return np.array([float(measures[name]) for name in NONE_FEATURES])


def _share_missing(names: Sequence[Name], texts: Sequence[str]) -> float:
    """The share of the names that occur in none of the texts; 0 if there are no names."""
    return sum(not any(name.is_in(text) for text in texts) for name in names) / len(names) if names else 0.0


def _places(
    question: Question,
    evidence: Sequence[Evidence],
    sentences: Reading,
    retrieved: Retrieved,
    embedder: Embedder,
) -> list[Place]:
    """Every figure in the sentences; if there are too many, figures of the expected kinds are kept first."""
    found = [(rank, item, figure) for rank, item in enumerate(evidence) for figure in item.figures]
    if len(found) > _MAX_CANDIDATES:
        found = sorted(
            sorted(found, key=lambda f: f[2].kind not in question.answer_type.kinds)[:_MAX_CANDIDATES],
            key=lambda f: f[0],
        )
    if not found:
        return []
    clauses = [clause_of(item, figure) for _, item, figure in found]
    cosines = embedder.passages(clauses) @ retrieved.query
    return [
        Place(
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
