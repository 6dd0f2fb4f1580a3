"""Fits the pool of readers for a language model, and the thresholds for stating and refusing an answer.

Figures are scored by measure weights fitted without the article a question is about; otherwise the measures
would look better than they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.reading.candidates import Reading
from assistant.reading.pool import (
    NO_MODEL,
    Calibration,
    NoneWeights,
    Vote,
    Weights,
    log_odds,
    names_figure,
    names_sentence,
    none_of,
    pool,
    pooled,
)
from assistant.reading.weights import Weights as MeasureWeights
from eval.dataset.examples import Example
from eval.fit.measure_weights import figure_options, is_about_figures, maximum_likelihood

PRECISION = 0.9
"""Minimum precision of what is stated."""
_MOST_REFUSED = 0.05
"""Maximum share refused of the questions whose answer is among the sentences shown.

Where the answer was not found, a refusal costs nothing.
"""
_N_SHOWN = 6
"""Sentences that an embedded model is shown."""
_FOLDS = 5
_MIN_STATED = 4
"""Minimum number of statements for a meaningful precision."""
_PENALTY = 0.1
"""Penalty on the squared distance of the pool's weights from those without a model, relative to the total
log-likelihood.
"""
_SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
_SMALL = 1e-3

Point = tuple[float, bool]
"""The pool's confidence in what it would state, and whether that is right."""


@dataclass(frozen=True, slots=True)
class _Options:
    """What the pool chooses from for one question: the readings by measures and model, and which options are right."""

    reading: Reading
    named: NDArray[np.float64]
    vote: Vote
    right: NDArray[np.bool_]

    def surprise(self, weights: Weights) -> float:
        """Negative log-likelihood of the right outcome, in nats; "none" is right if no option is."""
        found = pooled(self.reading, self.named, self.vote, weights)
        return -float(np.logaddexp.reduce(found.candidates[self.right])) if self.right.any() else -found.none


def out_of_fold(examples: Sequence[Example], fitted_on: Sequence[Example]) -> list[Example]:
    """The examples with their figures re-read by cross-validated weights, fitted without the article in question."""
    fold = {
        group: i % _FOLDS for i, group in enumerate(sorted({one.group for one in (*examples, *fitted_on)}))
    }
    weights = {}
    for part in range(_FOLDS):
        fitted = maximum_likelihood(
            [figure_options(one) for one in fitted_on if fold[one.group] != part and has_figures(one)]
        )
        weights[part] = MeasureWeights(fitted[:-1], float(fitted[-1]))
    return [
        replace(
            one, measured=replace(one.measured, figures=weights[fold[one.group]].read(one.measured.features))
        )
        for one in examples
    ]


def has_figures(example: Example) -> bool:
    """Whether an example is about figures and has candidates to choose from."""
    return is_about_figures(example) and bool(example.measured.candidates)


def calibrate(examples: Sequence[Example], model: str = NO_MODEL) -> Calibration:
    """Fit the pool for a language model whose votes the examples contain.

    Without a model, only the thresholds are fitted.
    """
    has_model = model != NO_MODEL
    found = Calibration(model)
    if has_model:
        figure = _fitted([_figures(one) for one in examples if has_figures(one)])
        sentence = _fitted([_sentences(one) for one in examples if len(one.measured.evidence)])
        found = Calibration(model, figure, sentence, _fitted_none(examples))
    none = sorted(
        (
            none_of(one.measured.none, one.vote, found.none)
            for one in examples
            if one.right_sentences[:_N_SHOWN].any()
        ),
        reverse=True,
    )
    return replace(
        found,
        figure=replace(
            found.figure,
            state_from=state_from(figure_points(examples, found)),
            write_from=state_from(written_points(examples, found)),
        ),
        sentence=replace(found.sentence, write_from=state_from(sentence_points(examples, found))),
        none=replace(found.none, refuse_from=none[int(_MOST_REFUSED * len(none))] + _SMALL),
    )


def figure_points(examples: Sequence[Example], calibration: Calibration) -> list[Point]:
    """A point for the likeliest figure of each question about figures."""
    points = []
    for one in examples:
        chosen = pool(one.measured, calibration, one.vote).chosen
        if chosen and is_about_figures(one):
            stated = zip(one.measured.candidates, one.right_figures, strict=True)
            right = any(ok and (c.evidence, c.figure) == (chosen.evidence, chosen.figure) for c, ok in stated)
            points.append((chosen.confidence, right))
    return points


def written_points(examples: Sequence[Example], calibration: Calibration) -> list[Point]:
    """A point for what a model wrote, and passed verification, on each question about figures."""
    return [
        (
            pool(one.measured, calibration, one.vote).mass(*(each.figure for each in one.vote.verified)),
            one.is_written_right,
        )
        for one in examples
        if one.question.answer_type and one.vote.verified
    ]


def sentence_points(examples: Sequence[Example], calibration: Calibration) -> list[Point]:
    """A point for what a model wrote, and passed verification, on each question that asks for no figure."""
    return [
        (pool(one.measured, calibration, one.vote).support(one.vote.cited), one.is_written_right)
        for one in examples
        if not one.question.answer_type and one.vote.cited
    ]


def state_from(points: Sequence[Point]) -> float:
    """The lowest threshold at which precision is at least ``PRECISION``; above every confidence if there is none."""
    ordered = sorted(points, key=lambda point: -point[0])
    right = np.cumsum([is_right for _, is_right in ordered])
    last = [one[0] > next_[0] for one, next_ in pairwise(ordered)] + [True]  # of a run of ties
    good = [
        sure
        for i, (sure, _) in enumerate(ordered)
        if last[i] and i + 1 >= _MIN_STATED and right[i] >= PRECISION * (i + 1)
    ]
    return good[-1] if good else max((sure for sure, _ in ordered), default=1.0) + _SMALL


def worth(points: Sequence[Point], title: str) -> Iterator[str]:
    """Precision against the share of questions stated, as lines of text."""
    ordered = sorted(points, key=lambda point: -point[0])
    yield f"{title}: {len(ordered)} questions, {sum(right for _, right in ordered)} right"
    for share in _SHARES if ordered else ():
        first = ordered[: max(1, round(share * len(ordered)))]
        precision = sum(right for _, right in first) / len(first)
        yield f"  stated {share:4.0%} (from {first[-1][0]:.2f}): {precision:4.0%} right"


def _figures(one: Example) -> _Options:
    return _Options(
        one.measured.figures, names_figure(one.measured.candidates, one.vote), one.vote, one.right_figures
    )


def _sentences(one: Example) -> _Options:
    return _Options(
        one.measured.sentences, names_sentence(one.measured.evidence, one.vote), one.vote, one.right_sentences
    )


def _fitted(options: Sequence[_Options]) -> Weights:
    """The penalised maximum-likelihood weights; the penalty pulls the measures' to 1 and the model's to 0."""

    def surprise(values: NDArray[np.float64]) -> float:
        weights = Weights(*map(float, values))
        penalty = _PENALTY * float(np.square(values - (1, 0, 0)).sum())
        return sum(one.surprise(weights) for one in options) + penalty

    found = minimize(
        surprise, np.array([1.0, 0.0, 0.0]), method="L-BFGS-B", bounds=[(0, 3), (0, 12), (0, 12)]
    ).x
    return Weights(*(float(value) for value in found))


def _fitted_none(examples: Sequence[Example]) -> NoneWeights:
    features = np.array([(log_odds(one.measured.none), float(one.vote.refused), 1.0) for one in examples])
    signs = np.where([one.answerable for one in examples], -1.0, 1.0)

    def surprise(values: NDArray[np.float64]) -> float:
        penalty = _PENALTY * float(np.square(values[:2] - (1, 0)).sum())
        return float(np.logaddexp(0, -signs * (features @ values)).sum()) + penalty

    found = minimize(
        surprise, np.array([1.0, 0.0, 0.0]), method="L-BFGS-B", bounds=[(0, 3), (0, 12), (-12, 12)]
    ).x
    return NoneWeights(*(float(value) for value in found))
