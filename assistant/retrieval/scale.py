"""Brings cosines with the vectors of different languages to one scale, in standard deviations above each language's mean."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.core.embedding import FloatArray
from assistant.core.languages import Language
from assistant.core.moments import Moments

MIN_PASSAGES = 30
"""A language with fewer passages takes the archive's statistics: its own would be chance."""

MIN_SPREAD = 0.015
"""Least standard deviation of cosines taken for real: in a handful of passages it is chance, in a single one
0.
"""

FloatOrArray = TypeVar("FloatOrArray", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class LanguageStats:
    """Mean, shape (dimensions,), and covariance, shape (dimensions, dimensions), of a language's passage vectors."""

    mean: FloatArray
    covariance: FloatArray

    def scale(self, query: FloatArray) -> "Scale":
        """What the language's vectors score for a query: mean q·m and variance qᵀCq, exactly, so nothing has to be sampled."""
        spread = math.sqrt(max(0.0, float(query @ self.covariance @ query)))
        return Scale(float(query @ self.mean), max(spread, MIN_SPREAD))

    def zscore(self, query: FloatArray, cosine: float) -> float:
        """A cosine as standard deviations above what the language's vectors have for this query."""
        return self.scale(query).zscore(cosine)


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and standard deviation of the cosines of one query with one language's vectors."""

    mean: float
    spread: float

    def zscore(self, cosine: FloatOrArray) -> FloatOrArray:
        """A cosine in standard deviations above the mean."""
        return (cosine - self.mean) / self.spread


def language_stats(moments: Mapping[Language, Moments]) -> dict[Language, LanguageStats]:
    """Mean and covariance per language, from the sums over its unit vectors.

    With few of them, the whole archive's.
    """
    if not moments:
        return {}
    everything = _stats(reduce(add, moments.values()))
    return {
        language: _stats(found) if found.n >= MIN_PASSAGES else everything
        for language, found in moments.items()
    }


def _stats(moments: Moments) -> LanguageStats:
    return LanguageStats(moments.mean(), moments.covariance())
