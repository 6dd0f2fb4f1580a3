"""The fit of the measures and of the limits, on questions made for it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.core.figures import read_figures
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.spans import read_span
from assistant.question.understand import understand
from assistant.reading.candidates import Candidate, Reading
from assistant.reading.measures import Measured
from assistant.reading.pool import Vote
from assistant.reading.weights import FEATURES, NONE_FEATURES, SENTENCE_FEATURES, Weights, weights
from eval.dataset.examples import Example
from eval.fit.calibration import PRECISION, calibrate, figure_points, out_of_fold, state_from
from eval.fit.measure_weights import logistic, maximum_likelihood

_NAMED = FEATURES.index("near_names")
_MISSING = NONE_FEATURES.index("names_missing")
_QUESTION = understand("점유율은 몇 퍼센트인가?")
_TEXT = "점유율은 17%, 15%, 12%다."
_ARTICLE = Article("a", "file:///a", "제목", _TEXT, Language.KO)
_ITEM = Evidence(_ARTICLE, read_span(_ARTICLE, 0, len(_TEXT)))
_FIGURES = read_figures(_TEXT, Language.KO)


def _example(number: int, named: list[float], right: int | None) -> Example:
    features = np.zeros((len(named), len(FEATURES)))
    features[:, _NAMED] = named
    none = np.zeros(len(NONE_FEATURES))
    none[_MISSING] = float(right is None)
    candidates = tuple(Candidate(_ITEM, figure) for figure in _FIGURES[: len(named)])
    sentences = Reading.of_scores([0.0], 0.0)
    measured = Measured(
        (_ITEM,), sentences=sentences, candidates=candidates, features=features, none_features=none
    )
    flags: NDArray[np.bool_] = np.array([i == right for i in range(len(named))])
    return Example(
        f"q{number}",
        f"article {number % 10}",
        right is not None,
        False,
        _QUESTION,
        measured,
        np.array([True]),
        flags,
    )


ANSWERABLE = [_example(i, [0, 1, 0], 1) for i in range(20)]
OTHERS = [_example(20 + i, [0, 0, 0], None) for i in range(10)]


def test_the_fit_finds_what_tells_the_right_figure_and_when_there_is_none() -> None:
    fitted = maximum_likelihood([(one.measured.features, one.right_figures) for one in ANSWERABLE + OTHERS])
    assert fitted.shape == (len(FEATURES) + 1,)
    for example in ANSWERABLE + OTHERS:
        reading = Weights(fitted[:-1], float(fitted[-1])).read(example.measured.features)
        best = int(np.append(reading.candidates, reading.none).argmax())
        assert best == (
            int(example.right_figures.argmax()) if example.right_figures.any() else len(example.right_figures)
        )


def test_the_fit_finds_what_tells_that_there_is_no_answer() -> None:
    fitted = logistic(ANSWERABLE + OTHERS)
    assert fitted[_MISSING] > 0
    assert fitted[-1] < 0


def test_a_figure_is_stated_down_to_where_nine_of_ten_are_right() -> None:
    wrong = [_example(100 + i, [0, 0.9, 0], 0) for i in range(4)]
    examples = out_of_fold([*ANSWERABLE, *wrong, *OTHERS], [*ANSWERABLE, *wrong, *OTHERS])
    limits = calibrate(examples)
    stated = [right for sure, right in figure_points(examples, limits) if sure >= limits.figure.state_from]
    assert len(stated) >= len(ANSWERABLE)
    assert sum(stated) >= PRECISION * len(stated)


def test_where_no_confidence_is_worth_it_nothing_is_stated() -> None:
    points = [(0.9, False), (0.8, True), (0.7, False), (0.6, True), (0.5, False)]
    assert all(sure < state_from(points) for sure, _ in points)


@pytest.mark.parametrize(("right", "is_trusted"), [(True, True), (False, False)])
def test_a_model_weighs_what_it_deserves(right: bool, is_trusted: bool) -> None:
    """One names the right figure each time, another a wrong one; the measures themselves know nothing."""
    examples = []
    for i, one in enumerate(ANSWERABLE * 2):
        flags = np.array([j == i % 3 for j in range(3)])
        named = one.measured.candidates[i % 3 if right else (i + 1) % 3].figure
        measured = replace(one.measured, figures=Reading.of_scores([0.0, 0.0, 0.0], -2.0))
        examples.append(replace(one, measured=measured, right_figures=flags, vote=Vote((named,))))
    weights = calibrate(examples, "scripted").figure
    assert (weights.named > 2) is is_trusted


@pytest.mark.parametrize(
    ("of", "names"), [("sentence", SENTENCE_FEATURES), ("figure", FEATURES), ("none", NONE_FEATURES)]
)
def test_the_stored_weights_are_those_of_the_measures(of: str, names: tuple[str, ...]) -> None:
    stored = weights(of)
    assert stored.features.shape == (len(names),)
    assert np.isfinite(stored.features).all()
    assert np.abs(stored.features).max() > 0
