"""From the readings of the candidates to a choice: when its best figure is stated, only quoted, or the question refused.

The limits are fitted by ``python -m eval calibrate`` and stored beside this file.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from assistant.core.figures import Figure, agrees
from assistant.reading.candidates import Candidate, Chosen, FloatArray, Reading

FILE = Path(__file__).with_name("calibration.toml")


@dataclass(frozen=True, slots=True)
class Calibration:
    """From which probability on something is done.

    A figure is stated from ``state_from`` on, where at least nine of ten were right; a question is refused from the probability
    ``refuse_from`` of there being no answer, which few questions that have one reach.
    """

    state_from: float
    refuse_from: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates with their probabilities; ``none`` is the probability that the articles do not hold the answer."""

    candidates: Sequence[Candidate] = ()
    probabilities: FloatArray = field(default_factory=lambda: np.zeros(0))
    none: float = 1.0
    calibration: Calibration = Calibration(1.0, 1.0)
    chosen: Chosen | None = None

    @property
    def is_certain(self) -> bool:
        """Whether the chosen figure may be stated."""
        return self.chosen is not None and self.chosen.confidence >= self.calibration.state_from

    @property
    def is_refusal(self) -> bool:
        """Whether it is likely that the articles do not hold the answer."""
        return not self.is_certain and self.none >= self.calibration.refuse_from

    def mass(self, figure: Figure) -> float:
        """The probability of a figure: several sentences may state the same, and theirs add up."""
        stating = zip(self.candidates, self.probabilities, strict=True)
        return sum(float(p) for candidate, p in stating if agrees(candidate.figure, figure))

    def with_chosen(self, chosen: Chosen) -> "Choice":
        """The same with another figure chosen."""
        return replace(self, chosen=chosen)


def pool(candidates: Sequence[Candidate], reading: Reading, none: float, calibration: Calibration) -> Choice:
    """The probability of each candidate, and the likeliest figure; ``none`` is the probability of there being no answer."""
    choice = Choice(candidates, np.exp(reading.candidates), none, calibration)
    if not candidates:
        return choice
    together = [choice.mass(one.figure) for one in candidates]
    best = max(range(len(candidates)), key=lambda i: (round(together[i], 9), choice.probabilities[i]))
    return choice.with_chosen(Chosen(candidates[best].evidence, candidates[best].figure, round(together[best], 3)))


@cache
def calibration() -> Calibration:
    """The fitted limits."""
    return Calibration(**tomllib.loads(FILE.read_text(encoding="utf-8")))
