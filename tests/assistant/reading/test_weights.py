import numpy as np
import pytest

from assistant.reading.weights import FEATURES, NONE_FEATURES, SENTENCE_FEATURES, Weights, weights


@pytest.mark.parametrize(
    ("of", "names"), [("sentence", SENTENCE_FEATURES), ("figure", FEATURES), ("none", NONE_FEATURES)]
)
def test_the_release_has_a_weight_for_every_measure(of: str, names: tuple[str, ...]) -> None:
    assert len(set(names)) == len(names)
    found = weights(of)
    assert found.features.shape == (len(names),)
    assert np.isfinite([*found.features, found.none]).all()


def test_a_candidate_scores_by_the_weighted_sum_of_its_measures() -> None:
    reading = Weights(np.array([2.0, -1.0]), none=0.0).read(np.array([[1.0, 1.0], [0.0, 1.0]]))
    assert reading.candidates[0] - reading.candidates[1] == pytest.approx(2)
    assert reading.candidates[0] - reading.none == pytest.approx(1)


def test_where_there_are_no_candidates_none_of_them_answers_for_certain() -> None:
    reading = Weights(np.array([2.0]), none=-3.0).read(np.zeros((0, 1)))
    assert len(reading.candidates) == 0
    assert reading.none == pytest.approx(0)
