"""What may answer: the evidence sentences, and the figures in the best of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.core.figures import Figure
from assistant.core.records import Evidence

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that may answer, in its evidence sentence."""

    evidence: Evidence
    figure: Figure


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of candidates: the logarithm of a probability for each, and for none of them to answer."""

    candidates: FloatArray
    none: float

    @classmethod
    def of_scores(cls, scores: Sequence[float] | FloatArray, none: float) -> "Reading":
        """From scores of any scale, by their softmax."""
        every = np.append(np.asarray(scores, float), none)
        every = every - every.max()
        every = every - np.log(np.exp(every).sum())
        return cls(every[:-1], float(every[-1]))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A figure in its evidence sentence.

    ``confidence`` (0 to 1) is the probability that it is the one asked for.
    """

    evidence: Evidence
    figure: Figure
    confidence: float
