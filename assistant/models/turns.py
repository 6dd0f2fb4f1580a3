"""Turns at something that only one can use at a time, granted in the order of the requests."""

import threading
from collections import deque
from types import TracebackType
from typing import Self


class Turns:
    """A fair lock whose queue can be looked at; thread-safe."""

    def __init__(self) -> None:
        self._queue: deque[Turn] = deque()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """The number of turns that are granted or awaited."""
        return len(self._queue)

    def join(self) -> "Turn":
        """Take the last place in the queue."""
        turn = Turn(self)
        with self._lock:
            self._queue.append(turn)
            self._queue[0].granted.set()
        return turn

    def ahead_of(self, turn: "Turn") -> int:
        """The number of turns that come before this one."""
        with self._lock:
            return self._queue.index(turn) if turn in self._queue else 0

    def end(self, turn: "Turn") -> None:
        """Take a turn out of the queue, and grant the next."""
        with self._lock:
            if turn in self._queue:
                self._queue.remove(turn)
            if self._queue:
                self._queue[0].granted.set()


class Turn:
    """A place in the queue; leaving the context gives it up."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.granted = threading.Event()

    @property
    def ahead(self) -> int:
        """The number of turns before this one."""
        return self._turns.ahead_of(self)

    def wait(self, at_most_s: float | None = None) -> bool:
        """Wait until it is this turn's; False if that takes longer."""
        return self.granted.wait(at_most_s)

    def __enter__(self) -> Self:
        """The turn itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the turn up."""
        self._turns.end(self)
