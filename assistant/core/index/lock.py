"""Who may open the embedded index: one process at a time, which writes beside the lock who it is.

``EdgeShard.load`` of Qdrant Edge 0.9 deletes files of the shard that another process has open before it fails
on the engine's own lock. So this lock is taken before the shard is loaded or made, and held as long as it is
open.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.core.errors import IndexLocked

WAIT_S = 10.0
"""Seconds that a command waits for another one which holds the index; a chat holds it for as long as it runs.
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds an index; ``url`` is where it listens, empty for every process but a chat."""

    pid: int
    command: str
    url: str = ""


class IndexLock:
    """The right to open the index of a folder."""

    def __init__(self, folder: Path, wait_s: float = WAIT_S) -> None:
        """Take the lock.

        Raises:
            IndexLocked: Another process holds it: a chat, or one that goes on for longer than ``wait_s``.
            OSError: The folder cannot be written.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._note = folder / "holder.json"
        self._lock = FileLock(folder / "index.lock", thread_local=False)
        try:
            self._lock.acquire(timeout=0 if chat_url(folder) else wait_s)
        except Timeout as exc:
            raise IndexLocked(_held(folder)) from exc
        self.announce("")

    def announce(self, url: str) -> None:
        """Tell other processes where the holder listens."""
        holder = Holder(os.getpid(), Path(sys.argv[0]).parent.name, url)
        self._note.write_text(json.dumps(asdict(holder)), encoding="utf-8")

    def release(self) -> None:
        """Give the lock back."""
        self._note.unlink(missing_ok=True)
        self._lock.release()


def holder_of(folder: Path) -> Holder | None:
    """The process that said last that it holds the index of a folder; None where none did or it is gone."""
    try:
        holder = Holder(**json.loads((folder / "holder.json").read_text(encoding="utf-8")))
        os.kill(holder.pid, 0)
    except (OSError, ValueError, TypeError):
        return None
    return holder


def chat_url(folder: Path) -> str:
    """Where the chat that holds the index of a folder listens; empty where no chat holds it."""
    holder = holder_of(folder)
    return holder.url if holder else ""


def _held(folder: Path) -> str:
    holder = holder_of(folder)
    who = f"process {holder.pid} (python -m {holder.command})" if holder else "another process"
    what = "Stop that chat" if holder and holder.url else "Wait for its end"
    return f"The index in {folder} is in use by {who}. {what}, then try again."
