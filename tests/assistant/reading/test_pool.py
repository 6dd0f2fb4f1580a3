"""From readings to a choice."""

import numpy as np
import pytest

from assistant.core.figures import read_figures
from assistant.core.records import Article, Evidence
from assistant.core.text import Language
from assistant.reading.candidates import Candidate, Reading
from assistant.reading.pool import Calibration, calibration, pool

TEXT = "점유율은 17%다. 작년에는 15%였다. 올해도 17%다."
ARTICLE = Article("a", "file:///a", "제목", TEXT, Language.KO)
SPANS = [(0, 9), (10, 21), (22, 31)]
CANDIDATES = [
    Candidate(Evidence(ARTICLE, start, end, 0.0), figure)
    for start, end in SPANS
    for figure in read_figures(TEXT[start:end], Language.KO)
    if figure.kind == "percent"
]
LIMITS = Calibration(state_from=0.6, refuse_from=0.5)


def test_a_readings_probabilities_add_up_to_one() -> None:
    reading = Reading.of_scores([1.0, 2.0, -50.0], 0.5)
    assert np.exp(reading.candidates).sum() + np.exp(reading.none) == pytest.approx(1)
    assert Reading.of_scores([], 3.0).none == pytest.approx(0)


def test_sentences_that_state_the_same_figure_add_up() -> None:
    choice = pool(CANDIDATES, Reading.of_scores([1.0, 1.5, 1.0], 0.0), 0.1, LIMITS)
    assert choice.chosen is not None
    assert choice.chosen.figure.text == "17%"
    assert choice.chosen.confidence == pytest.approx(float(choice.probabilities[0] + choice.probabilities[2]), abs=0.001)


@pytest.mark.parametrize(
    ("scores", "none", "certain", "refused"),
    [([5.0, 0.0, 5.0], 0.9, True, False), ([1.0, 1.0, 1.0], 0.4, False, False), ([1.0, 1.0, 1.0], 0.5, False, True)],
)
def test_what_is_sure_is_stated_whatever_else_is_likely(scores: list[float], none: float, certain: bool, refused: bool) -> None:
    choice = pool(CANDIDATES, Reading.of_scores(scores, 0.0), none, LIMITS)
    assert (choice.is_certain, choice.is_refusal) == (certain, refused)


def test_without_candidates_nothing_is_chosen() -> None:
    choice = pool([], Reading.of_scores([], 0.0), 0.2, LIMITS)
    assert choice.chosen is None
    assert not choice.is_certain


def test_the_stored_limits_leave_room_for_all_three_outcomes() -> None:
    limits = calibration()
    assert 0.3 < limits.state_from < 1
    assert 0.2 < limits.refuse_from < 1
