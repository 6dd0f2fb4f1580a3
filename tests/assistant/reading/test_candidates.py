import numpy as np
import pytest

from assistant.reading.candidates import Reading


def test_equal_scores_are_equally_likely() -> None:
    reading = Reading.of_scores([2.0, 2.0], 2.0)
    assert np.exp([*reading.candidates, reading.none]) == pytest.approx([1 / 3] * 3)


def test_a_score_that_is_higher_by_the_logarithm_of_two_is_twice_as_likely() -> None:
    reading = Reading.of_scores([np.log(2)], 0.0)
    assert np.exp([*reading.candidates, reading.none]) == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.parametrize("shift", [-1e4, 1e4])
def test_only_differences_between_scores_count(shift: float) -> None:
    near, far = Reading.of_scores([1.0, 3.0], 2.0), Reading.of_scores([1.0 + shift, 3.0 + shift], 2.0 + shift)
    assert far.candidates == pytest.approx(near.candidates)
    assert far.none == pytest.approx(near.none)
