"""Running sums over unit vectors, from which mean and covariance follow exactly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.core.embedding import FloatArray


@dataclass(frozen=True, slots=True)
class Moments:
    """Number of vectors, their sum, shape (dimensions,), and the sum of their outer products, shape (dimensions, dimensions)."""

    n: int
    total: NDArray[np.float64]
    outer: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: FloatArray) -> "Moments":
        """The sums over vectors, shape (n, dimensions)."""
        exact = vectors.astype(np.float64)
        return cls(len(exact), exact.sum(0), exact.T @ exact)

    def __add__(self, other: "Moments") -> "Moments":
        """The sums over both sets of vectors."""
        return Moments(self.n + other.n, self.total + other.total, self.outer + other.outer)

    def __sub__(self, other: "Moments") -> "Moments":
        """The sums with the other set of vectors removed."""
        return Moments(self.n - other.n, self.total - other.total, self.outer - other.outer)

    def mean(self) -> FloatArray:
        """The mean vector, shape (dimensions,)."""
        mean: FloatArray = (self.total / self.n).astype(np.float32)
        return mean

    def covariance(self) -> FloatArray:
        """The covariance, shape (dimensions, dimensions)."""
        mean = self.total / self.n
        covariance: FloatArray = (self.outer / self.n - np.outer(mean, mean)).astype(np.float32)
        return covariance
