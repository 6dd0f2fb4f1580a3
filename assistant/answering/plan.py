"""What kind of answer a question gets: decided from what was found, and by nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.routes.compare import Comparison
from assistant.core.records import Evidence
from assistant.reading.candidates import Chosen
from assistant.reading.pool import Choice


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known before a word is written.

    ``overview`` holds the sentences of an overview, None where none is asked for; ``may_write`` says whether
    a language model has still to be heard.
    """

    evidence: Sequence[Evidence]
    choice: Choice
    comparison: Comparison | None = None
    overview: Sequence[Evidence] | None = None
    may_write: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """Say that the articles do not hold the answer."""

    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Show the best sentence of every article that tells of the topic, beside what a model writes of them."""

    sentences: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Compare:
    """Choose two figures and compare them; quote where either is not sure enough."""

    comparison: Comparison


@dataclass(frozen=True, slots=True)
class State:
    """State the chosen figure; a model may put it into better words."""

    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Write:
    """Let the model answer."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Show the nearest sentences, as not sure."""


Plan = Refuse | Overview | Compare | State | Write | Quote


def plan(found: Findings) -> Plan:
    """The kind of answer, the first that applies."""
    if not found.evidence:
        return Refuse("no sentence found")
    if found.overview is not None:
        return Overview(found.overview) if found.overview else Refuse("no article tells of the topic")
    if found.comparison:
        return Compare(found.comparison)
    if found.choice.chosen and found.choice.is_certain:
        return State(found.choice.chosen)
    if found.may_write:
        return Write()
    if found.choice.is_refusal:
        return Refuse(f"the articles probably do not hold the answer ({found.choice.none:.0%})")
    return Quote()
