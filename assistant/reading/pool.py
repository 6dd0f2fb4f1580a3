"""Pools the readers' results, and holds them against the thresholds from which an answer is stated or refused.

The pool is log-linear: the feature-based reader's weighted log-probabilities, plus a weight for whatever the
language model named, with "none" as one of the outcomes. Weights and thresholds are fitted per language model
by ``python -m eval calibrate``; the release's are stored beside this file, the user's own in the data folder.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from assistant.core.figures import Figure, agrees
from assistant.core.records import Evidence
from assistant.reading.candidates import Candidate, Chosen, FloatArray, Reading
from assistant.reading.measures import Measured

FILE = Path(__file__).with_name("calibration.toml")
NO_MODEL = "none"
_SIZE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)b(?![a-z])", re.IGNORECASE)
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """Pool weights and threshold for one kind of candidate, figures or sentences.

    ``own`` weights the feature-based reader, ``named`` what the language model named, ``refused`` its refusal;
    ``state_from`` is the pooled probability from which at least nine in ten statements were right, ``write_from``
    the one from which at least nine in ten sentences that the model wrote were.
    """

    own: float = 1.0
    named: float = 0.0
    refused: float = 0.0
    state_from: float = 1.01
    write_from: float = 1.01


@dataclass(frozen=True, slots=True)
class NoneWeights:
    """Logistic regression for "no answer", on the feature-based reader's log-odds and the model's refusal.

    ``refuse_from`` is the refusal threshold, reached by at most one in twenty answerable questions.
    """

    own: float = 1.0
    refused: float = 0.0
    bias: float = 0.0
    refuse_from: float = 1.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """The pool's parameters for one language model; ``model`` is the one they were fitted with."""

    model: str = NO_MODEL
    figure: Weights = field(default_factory=Weights)
    sentence: Weights = field(default_factory=Weights)
    none: NoneWeights = field(default_factory=NoneWeights)


@dataclass(frozen=True, slots=True)
class Vote:
    """A language model's own answer: the figures it stated, the spans it rests on, or a refusal.

    ``verified`` are the source figures of its verified sentences, in their spans.
    """

    figures: tuple[Figure, ...] = ()
    cited: tuple[Evidence, ...] = ()
    refused: bool = False
    verified: tuple[Candidate, ...] = ()

    def names(self, figure: Figure) -> bool:
        """Whether it stated this figure."""
        return any(agrees(stated, figure) for stated in self.figures)


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates with their probabilities.

    ``none`` is the probability that the articles do not contain the answer.
    """

    candidates: Sequence[Candidate] = ()
    probabilities: FloatArray = field(default_factory=lambda: np.zeros(0))
    evidence: Sequence[Evidence] = ()
    sentences: FloatArray = field(default_factory=lambda: np.zeros(0))
    none: float = 1.0
    calibration: Calibration = field(default_factory=Calibration)
    chosen: Chosen | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the chosen figure may be stated."""
        return self.chosen is not None and self.chosen.confidence >= self.calibration.figure.state_from

    @property
    def is_refusal(self) -> bool:
        """Whether to refuse: no figure may be stated, and ``none`` reaches the refusal threshold."""
        return not self.is_certain and self.none >= self.calibration.none.refuse_from

    def mass(self, *figures: Figure) -> float:
        """The probability that one of the figures is the answer, summed over all candidates that state one of them."""
        each = zip(self.candidates, self.probabilities, strict=True)
        return sum(float(p) for one, p in each if any(agrees(one.figure, figure) for figure in figures))

    def support(self, cited: Iterable[Evidence]) -> float:
        """The probability that one of the cited spans contains the answer."""
        named = names_sentence(self.evidence, Vote(cited=tuple(cited)))
        return float(named @ self.sentences) if len(named) else 0.0

    def with_chosen(self, chosen: Chosen) -> "Choice":
        """A copy with another figure chosen."""
        return replace(self, chosen=chosen)


def pool(measured: Measured, calibration: Calibration, vote: Vote | None = None) -> Choice:
    """Pool the probabilities of candidates, sentences and "no answer", and choose the likeliest figure if one is asked for."""
    vote = vote or Vote()
    candidates, reading = _with_verified(measured, vote)
    figures = pooled(reading, names_figure(candidates, vote), vote, calibration.figure)
    sentences = pooled(
        measured.sentences, names_sentence(measured.evidence, vote), vote, calibration.sentence
    )
    none = none_of(measured.none, vote, calibration.none)
    choice = Choice(
        candidates,
        np.exp(figures.candidates),
        measured.evidence,
        np.exp(sentences.candidates),
        none,
        calibration,
    )
    if not choice.candidates or not measured.asks_figure:
        return choice
    together = [choice.mass(one.figure) for one in choice.candidates]
    best = max(range(len(together)), key=lambda i: (round(together[i], 9), choice.probabilities[i]))
    one = choice.candidates[best]
    return choice.with_chosen(Chosen(one.evidence, one.figure, round(together[best], 3)))


def _with_verified(measured: Measured, vote: Vote) -> tuple[tuple[Candidate, ...], Reading]:
    """The candidates and their reading, with verified figures from sentences that the features did not read.

    They count as much as the least likely candidate.
    """
    known, reading = measured.candidates, measured.figures
    new = [one for one in vote.verified if not any(agrees(one.figure, other.figure) for other in known)]
    if not new:
        return known, reading
    least = min(reading.candidates, default=log(_LEAST))
    scores = np.append(reading.candidates, [least] * len(new))
    return (*known, *new), Reading.of_scores(scores, reading.none)


def pooled(reading: Reading, named: FloatArray, vote: Vote, weights: Weights) -> Reading:
    """Combine a reading with the language model's vote.

    ``named``, shape (candidates,), is 1 for what the model named.
    """
    scores = weights.own * reading.candidates + weights.named * named
    return Reading.of_scores(scores, weights.own * reading.none + weights.refused * vote.refused)


def names_figure(candidates: Sequence[Candidate], vote: Vote) -> FloatArray:
    """1 for candidates whose figure the model stated, 0 for the others."""
    return np.array([float(vote.names(c.figure)) for c in candidates])


def names_sentence(evidence: Sequence[Evidence], vote: Vote) -> FloatArray:
    """1 for sentences that overlap a span the model's answer rests on, 0 for the others."""
    return np.array([float(any(overlap(item, span) for span in vote.cited)) for item in evidence])


def overlap(one: Evidence, other: Evidence) -> bool:
    """Whether two spans of one article share characters."""
    return one.article.id == other.article.id and one.start < other.end and other.start < one.end


def none_of(own: float, vote: Vote, weights: NoneWeights) -> float:
    """The pooled probability that there is no answer."""
    score = weights.own * log_odds(own) + weights.refused * vote.refused + weights.bias
    return float(1 / (1 + np.exp(-score)))


def log_odds(probability: float) -> float:
    """The log-odds of a probability, clipped away from 0 and 1."""
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return log(kept / (1 - kept))


def calibration_of(model: str | None, data_dir: Path | None = None) -> Calibration:
    """The calibration for a model by name (None for no model): the user's own, else the release's.

    An unknown model borrows that of the known model nearest in size; the returned ``model`` says which.
    """
    known = _stored(FILE) | (_stored(data_dir / FILE.name) if data_dir else {})
    name = model or NO_MODEL
    if name in known:
        return known[name]
    sizes = {other: size for other in known if (size := _size(other)) is not None}
    wanted = _size(name) or max(sizes.values(), default=0.0)
    nearest = min(sizes, key=lambda other: abs(log(sizes[other] / wanted)), default=NO_MODEL)
    return known.get(nearest, Calibration())


def store(found: Calibration, file: Path = FILE) -> Path:
    """Write a calibration to a file, replacing any earlier one for the same model."""
    every = dict(_stored(file)) | {found.model: found}
    lines = ["# Fitted by: python -m eval calibrate"]
    for name, one in sorted(every.items()):
        for part, weights in ((part, value) for part, value in asdict(one).items() if part != "model"):
            lines += ["", f'["{name}".{part}]', *(f"{key} = {value:.3f}" for key, value in weights.items())]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _read.cache_clear()
    return file


def _stored(file: Path) -> dict[str, Calibration]:
    return _read(file, file.stat().st_mtime_ns) if file.exists() else {}


@cache
def _read(file: Path, _changed: int) -> dict[str, Calibration]:
    tables: dict[str, dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        name: Calibration(
            name, Weights(**one["figure"]), Weights(**one["sentence"]), NoneWeights(**one["none"])
        )
        for name, one in tables.items()
    }


def _size(model: str) -> float | None:
    """Billions of parameters, parsed from the model's name; None if it does not say."""
    match = _SIZE.search(model)
    return float(match[1]) if match else None
