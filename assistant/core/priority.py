"""Lets background work give way to questions, so that adding articles does not slow the chat down."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

_AT_MOST_S = 5.0
"""Longest wait of the background work: under an unbroken stream of questions it goes on slowly, not never."""


class QuestionsFirst:
    """Knows whether a question is being answered; thread-safe."""

    def __init__(self, at_most_s: float = _AT_MOST_S) -> None:
        self._at_most_s = at_most_s
        self._changed = Condition()
        self._n = 0

    @contextmanager
    def question(self) -> Iterator[None]:
        """The time in which a question is being answered."""
        with self._changed:
            self._n += 1
        try:
            yield
        finally:
            with self._changed:
                self._n -= 1
                self._changed.notify_all()

    def give_way(self) -> None:
        """Wait until no question is being answered, but not longer than the limit."""
        with self._changed:
            self._changed.wait_for(lambda: self._n == 0, self._at_most_s)
