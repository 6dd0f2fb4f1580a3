import numpy as np
import pytest

from assistant.core.moments import Moments

VECTORS = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)


def test_mean_and_covariance_are_those_of_the_vectors() -> None:
    moments = Moments.of(VECTORS)
    assert moments.n == 20
    assert moments.mean() == pytest.approx(VECTORS.mean(0), abs=1e-6)
    assert moments.covariance() == pytest.approx(np.cov(VECTORS.T, bias=True), abs=1e-6)


def test_sums_over_parts_add_up_to_those_over_the_whole() -> None:
    together = Moments.of(VECTORS[:7]) + Moments.of(VECTORS[7:])
    assert together.n == 20
    assert together.covariance() == pytest.approx(Moments.of(VECTORS).covariance(), abs=1e-6)


def test_what_is_taken_away_again_leaves_no_trace() -> None:
    left = Moments.of(VECTORS) - Moments.of(VECTORS[7:])
    assert left.n == 7
    assert left.mean() == pytest.approx(VECTORS[:7].mean(0), abs=1e-6)
    assert left.covariance() == pytest.approx(Moments.of(VECTORS[:7]).covariance(), abs=1e-6)
