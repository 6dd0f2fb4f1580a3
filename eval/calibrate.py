"""Fits from which probability on a figure is stated, and a question refused: by the precision measured on questions.

The measures' reading of a question is that of weights fitted without the article that it asks about: their fit on it would flatter
them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from assistant.reading.measures import Weights
from assistant.reading.pool import FILE, Calibration, Choice, pool
from eval.examples import Example
from eval.fit_measures import figure_options, is_about_figures, maximum_likelihood

PRECISION = 0.9
"""Of what is stated at least so much is right."""
_MOST_REFUSED = 0.05
"""Most of the answerable questions that may be refused."""
_FOLDS = 5
_SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Read:
    """An example with the choice made of it."""

    example: Example
    choice: Choice

    @property
    def confidence(self) -> float:
        """The probability of the figure chosen, 0 where there is none."""
        return self.choice.chosen.confidence if self.choice.chosen else 0.0

    @property
    def is_right(self) -> bool:
        """Whether the figure chosen is right."""
        chosen = self.choice.chosen
        found = zip(self.example.measured.candidates, self.example.right_figures, strict=True)
        return chosen is not None and any(
            right and (c.evidence, c.figure) == (chosen.evidence, chosen.figure) for c, right in found
        )


def reads(examples: Sequence[Example]) -> list[Read]:
    """The choices in examples that ask for a figure, each by weights that were fitted without its article."""
    asked = [one for one in examples if is_about_figures(one) and one.measured.candidates]
    fold = {group: i % _FOLDS for i, group in enumerate(sorted({one.group for one in asked}))}
    found = []
    for part in range(_FOLDS):
        fitted = maximum_likelihood([figure_options(one) for one in asked if fold[one.group] != part])
        weights = Weights(fitted[:-1], float(fitted[-1]))
        for one in asked:
            if fold[one.group] == part:
                reading = weights.read(one.measured.features)
                found.append(Read(one, pool(one.measured.candidates, reading, one.measured.none, Calibration(1, 1))))
    return found


def calibrate(found: Sequence[Read], examples: Sequence[Example]) -> Calibration:
    """The limits: the least confidence down to which so many figures are right, and the refusals that few answers are lost by."""
    none = sorted((one.measured.none for one in examples if one.answerable), reverse=True)
    return Calibration(_state_from(found), none[int(_MOST_REFUSED * len(none))])


def store(calibration: Calibration) -> Path:
    """Keep the limits where the assistant looks for them."""
    lines = [f"{name} = {value:.3f}" for name, value in asdict(calibration).items()]
    FILE.write_text("\n".join(["# Fitted by: python -m eval calibrate", *lines]) + "\n", encoding="utf-8")
    return FILE


def worth(found: Sequence[Read], title: str) -> Iterator[str]:
    """What the choices are worth, as lines: precision against the share stated."""
    ordered = sorted(found, key=lambda read: -read.confidence)
    n = sum(read.example.answerable for read in ordered)
    right = sum(read.is_right for read in ordered)
    yield f"{title}: {n} questions with an answer, {len(ordered) - n} without; right figure chosen: {right}"
    for share in _SHARES:
        first = ordered[: max(1, round(share * len(ordered)))]
        precision = sum(read.is_right for read in first) / len(first)
        yield f"  stated {share:4.0%} (from {first[-1].confidence:.2f}): {precision:4.0%} right"


def _state_from(found: Sequence[Read]) -> float:
    """The least confidence down to which so many are right; above every confidence where they never are."""
    ordered = sorted(found, key=lambda read: -read.confidence)
    right = np.cumsum([read.is_right for read in ordered])
    last = [one.confidence > next_.confidence for one, next_ in pairwise(ordered)] + [True]  # of those of one confidence
    good = [read.confidence for i, read in enumerate(ordered) if last[i] and right[i] >= PRECISION * (i + 1)]
    return good[-1] if good else ordered[0].confidence + 0.001
