"""Puts cosines from different languages on one scale: standard deviations above each language's mean."""

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
"""A language with fewer vectors takes the whole archive's statistics: its own would be noise."""

MIN_SPREAD = 0.015
"""Floor for the standard deviation of cosines: in a handful of passages it is noise, in a single one 0."""

FloatOrArray = TypeVar("FloatOrArray", float, NDArray[np.float64])


@dataclass(frozen=True, slots=True)
class LanguageStats:
    """Mean, shape (dimensions,), and covariance, shape (dimensions, dimensions), of a language's vectors."""

    mean: FloatArray
    covariance: FloatArray

    def scale(self, query: FloatArray) -> "Scale":
        """The distribution of a query's cosines: mean q·m and variance qᵀCq, exact, so nothing is sampled."""
        spread = math.sqrt(max(0.0, float(query @ self.covariance @ query)))
        return Scale(float(query @ self.mean), max(spread, MIN_SPREAD))

    def zscore(self, query: FloatArray, cosine: float) -> float:
        """A cosine in standard deviations above the language's mean for this query."""
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
    """Mean and covariance of each language's unit vectors; the whole archive's if a language has few."""
    if not moments:
        return {}
    everything = _stats(reduce(add, moments.values()))
    return {
        language: _stats(found) if found.n >= MIN_PASSAGES else everything
        for language, found in moments.items()
    }


def _stats(moments: Moments) -> LanguageStats:
    return LanguageStats(moments.mean(), moments.covariance())
