"""Means with bootstrap intervals, and paired differences with p-values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

_RESAMPLES = 2000
SIGNIFICANT = 0.05
"""Significance level: a difference with a p-value below it is marked."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over ``n`` cases with its 95 % interval (percentile bootstrap); for a single case it has no width."""

    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences with its interval.

    ``p`` comes from a two-sided permutation test of their signs.
    """

    mean: Mean
    p: float


def mean(values: Sequence[float]) -> Mean | None:
    """The mean and its interval; None if there are no values."""
    if not values:
        return None
    value = float(np.mean(values))
    if len(set(values)) == 1:
        return Mean(len(values), value, value, value)
    found = stats.bootstrap(
        (np.array(values),),
        np.mean,
        n_resamples=_RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Mean(len(values), value, float(found.low), float(found.high))


def difference(before: Sequence[float], after: Sequence[float]) -> Difference | None:
    """The mean increase from ``before`` to ``after``, pair by pair; None if there are no pairs."""
    changes = np.array(after, float) - np.array(before, float)
    found = mean(changes.tolist())
    if found is None:
        return None
    if len(changes) < 2 or not changes.any():
        return Difference(found, 1.0)
    test = stats.permutation_test(
        (np.array(after, float), np.array(before, float)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        rng=np.random.default_rng(0),
    )
    return Difference(found, float(test.pvalue))
