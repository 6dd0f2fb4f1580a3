"""Decides what kind of answer a question gets, from the findings and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.routes.compare import Comparison
from assistant.core.records import Evidence
from assistant.reading.candidates import Chosen
from assistant.reading.pool import Choice


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known before the answer is written.

    ``overview`` holds the sentences of an overview, None if none is asked for; ``may_write`` says whether a
    language model has yet to be consulted.
    """

    evidence: Sequence[Evidence]
    choice: Choice
    comparison: Comparison | None = None
    overview: Sequence[Evidence] | None = None
    may_write: bool = False


@dataclass(frozen=True, slots=True)
class Refuse:
    """Say that the articles do not contain the answer."""

    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Show the best sentence of every article on the topic, along with what a model writes about them."""

    sentences: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Compare:
    """Choose two figures and compare them; quote if either is not sure enough."""

    comparison: Comparison


@dataclass(frozen=True, slots=True)
class State:
    """State the chosen figure; a model may reword it."""

    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Write:
    """Let the model answer."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Quote the nearest sentences, marked as not sure."""


Plan = Refuse | Overview | Compare | State | Write | Quote


def plan(found: Findings) -> Plan:
    """The first kind of answer that applies."""
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
