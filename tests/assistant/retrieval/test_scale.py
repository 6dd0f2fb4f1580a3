import numpy as np
import pytest

from assistant.core.languages import Language
from assistant.core.moments import Moments
from assistant.retrieval.scale import MIN_PASSAGES, MIN_SPREAD, Scale, language_stats

KO, VI = Language.KO, Language.VI
RNG = np.random.default_rng(0)


def _vectors(n: int) -> np.ndarray:
    made = RNG.normal(size=(n, 5)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


QUERY, MANY, FEW = _vectors(1)[0], _vectors(MIN_PASSAGES), _vectors(MIN_PASSAGES - 1)


def test_the_scale_of_a_query_is_that_of_its_cosines_with_the_languages_vectors() -> None:
    scale = language_stats({KO: Moments.of(MANY)})[KO].scale(QUERY)
    cosines = MANY @ QUERY
    assert scale.mean == pytest.approx(cosines.mean(), abs=1e-5)
    assert scale.spread == pytest.approx(cosines.std(), abs=1e-5)


def test_a_cosine_is_told_in_standard_deviations_above_the_mean() -> None:
    assert Scale(0.8, 0.05).zscore(0.9) == pytest.approx(2)
    assert Scale(0.8, 0.05).zscore(np.array([0.8, 0.75])) == pytest.approx([0, -1])


def test_a_language_with_few_passages_takes_the_archives_statistics() -> None:
    stats = language_stats({KO: Moments.of(MANY), VI: Moments.of(FEW)})
    everything = np.concatenate([MANY, FEW])
    assert stats[VI].mean == pytest.approx(everything.mean(0), abs=1e-5)
    assert stats[KO].mean == pytest.approx(MANY.mean(0), abs=1e-5)


def test_of_a_single_passage_the_spread_is_not_taken_for_none() -> None:
    stats = language_stats({KO: Moments.of(MANY[:1])})[KO]
    assert stats.scale(QUERY).spread == MIN_SPREAD
    assert np.isfinite(stats.zscore(QUERY, 0.9))


def test_an_empty_archive_has_no_statistics() -> None:
    assert language_stats({}) == {}
