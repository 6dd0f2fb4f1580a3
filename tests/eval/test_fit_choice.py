"""The fit of the choice of figures, on questions made for it."""

from dataclasses import replace

import numpy as np

from assistant.choose import FEATURES, Weights, weights
from assistant.core.text import Language
from eval.fit_choice import Example, maximum_likelihood, refusal_limits

_NAMED, _RANK = FEATURES.index("near_names"), FEATURES.index("rank")


def _example(named: list[float], right: list[bool]) -> Example:
    features = np.zeros((len(named), len(FEATURES)))
    features[:, _NAMED] = named
    features[:, _RANK] = 1 / np.arange(1, len(named) + 1)
    return Example(features, np.array(right))


def test_the_fit_finds_what_tells_the_right_figure_and_when_there_is_none() -> None:
    answerable = [_example([0, 1, 0], [False, True, False]), _example([1, 0], [True, False])] * 10
    unanswerable = [_example([0, 0, 0], [False] * 3)] * 10
    fitted = maximum_likelihood(answerable + unanswerable)
    assert fitted.shape == (len(FEATURES) + 1,)
    assert fitted[_NAMED] > max(0, fitted[_RANK])
    found = Weights(fitted[:-1], float(fitted[-1]))
    for example in answerable + unanswerable:
        scores = np.array([*(example.features @ found.features), found.none])
        best = int(scores.argmax())
        assert best == (int(example.right.argmax()) if example.right.any() else len(example.right))


def test_the_limit_of_refusal_lies_between_questions_with_and_without_an_answer() -> None:
    answerable = [_example([0, 1, 0], [False, True, False])] * 20
    unanswerable = [replace(_example([0, 0, 0], [False] * 3), answerable=False)] * 20
    examples = [replace(example, language=language) for language in Language for example in answerable + unanswerable]
    fitted = maximum_likelihood(examples)
    none = []
    for example in (answerable[0], unanswerable[0]):
        scores = np.append(example.features @ fitted[:-1], fitted[-1])
        none.append(1 / np.exp(scores - scores[-1]).sum())
    limits = refusal_limits(examples)
    assert set(limits) == set(Language)
    assert all(none[0] < limit <= none[1] for limit in limits.values())


def test_the_stored_weights_are_those_of_the_measures() -> None:
    stored = weights()
    assert stored.features.shape == (len(FEATURES),)
    assert np.isfinite(stored.features).all()
    assert stored.features[FEATURES.index("figure_cues")] > 0
    assert stored.features[FEATURES.index("other_year_before")] < 0
