import pytest

from eval.measures.statistics import SIGNIFICANT, difference, mean


@pytest.mark.parametrize("values", [[0.7], [1.0, 1.0, 1.0]])
def test_the_mean_of_equal_values_has_no_width(values: list[float]) -> None:
    found = mean(values)
    assert found is not None
    assert (found.n, found.value, found.low, found.high) == (len(values), values[0], values[0], values[0])


def test_the_same_values_have_the_same_interval_every_time() -> None:
    values = [0.0, 0.2, 0.9, 1.0, 0.4]
    assert mean(values) == mean(values)


def test_a_difference_says_by_how_much_the_second_values_are_above_the_first() -> None:
    found = difference([1.0, 0.5, 0.0], [0.0, 0.5, 0.4])
    assert found is not None
    assert (found.mean.n, found.mean.value) == (3, pytest.approx(-0.2))


@pytest.mark.parametrize(("before", "after"), [([0.0], [1.0]), ([0.3, 0.6], [0.3, 0.6])])
def test_a_single_pair_and_equal_values_may_be_chance(before: list[float], after: list[float]) -> None:
    found = difference(before, after)
    assert found is not None
    assert found.p == 1


def test_a_change_is_as_significant_in_one_direction_as_in_the_other() -> None:
    worse, better = [0.1, 0.2, 0.0, 0.3, 0.1, 0.2], [0.9, 0.7, 1.0, 0.8, 0.9, 0.6]
    up, down = difference(worse, better), difference(better, worse)
    assert up is not None
    assert down is not None
    assert up.p == pytest.approx(down.p)
    assert up.p < SIGNIFICANT


def test_no_pairs_have_no_difference() -> None:
    assert difference([], []) is None
