"""Candidate figures, a reader's probabilities for them, and the chosen one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.core.figures import Figure
from assistant.core.records import Evidence

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate figure with its evidence sentence."""

    evidence: Evidence
    figure: Figure


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's log-probabilities: one per candidate, and one for none of them being the answer."""

    candidates: FloatArray
    none: float

    @classmethod
    def of_scores(cls, scores: Sequence[float] | FloatArray, none: float) -> "Reading":
        """Normalise raw scores by log-softmax."""
        every = np.append(np.asarray(scores, float), none)
        every = every - every.max()
        every = every - np.log(np.exp(every).sum())
        return cls(every[:-1], float(every[-1]))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen figure with its evidence sentence.

    ``confidence`` (0 to 1) is the probability that it is the figure asked for.
    """

    evidence: Evidence
    figure: Figure
    confidence: float
