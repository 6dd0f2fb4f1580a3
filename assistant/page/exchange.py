"""A question with its answer, as the page holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from assistant.core.conversations import StoredExchange
from assistant.core.records import Answer, Turn


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer so far.

    ``error`` is what went wrong, as two lines: in the reader's language, and in detail. ``id`` is that of the
    stored exchange, empty until the answer is finished. ``is_alone`` asks it without those before.
    """

    question: str
    answer: Answer | None = None
    error: str = ""
    was_stopped: bool = False
    is_alone: bool = False
    id: str = ""

    @classmethod
    def of(cls, stored: StoredExchange) -> Self:
        """A stored exchange."""
        return cls(stored.question, stored.answer, was_stopped=stored.was_stopped, id=stored.id)

    @property
    def is_done(self) -> bool:
        """Whether nothing more will come."""
        return bool(self.error or self.was_stopped or (self.answer and self.answer.done))

    @property
    def is_follow_up(self) -> bool:
        """Whether the question was understood with the help of those before."""
        return bool(self.answer and self.answer.standalone not in ("", self.answer.question))


def history_of(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The turns of the conversation, without questions that have no answer."""
    turns = [(Turn("user", e.question), Turn("assistant", e.answer.text)) for e in exchanges if e.answer]
    return tuple(turn for pair in turns for turn in pair)
