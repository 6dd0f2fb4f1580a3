"""Lock on the embedded index: one process at a time, with a note beside the lock saying which.

``EdgeShard.load`` in Qdrant Edge 0.9 deletes files of a shard that another process has open before it fails
on the engine's own lock. This lock is therefore taken before the shard is loaded or created, and held while
it is open.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.core.errors import IndexLocked

WAIT_S = 10.0
"""Seconds a command waits for another one that holds the index; if a chat holds it, there is no wait."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds an index; ``url`` is the address it listens on, empty unless it is a chat."""

    pid: int
    command: str
    url: str = ""


class IndexLock:
    """Exclusive right to open the index in a folder."""

    def __init__(self, folder: Path, wait_s: float = WAIT_S) -> None:
        """Take the lock.

        Raises:
            IndexLocked: A chat holds it, or another process still does after ``wait_s`` seconds.
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
        """Tell other processes the address the holder listens on."""
        holder = Holder(os.getpid(), Path(sys.argv[0]).parent.name, url)
        self._note.write_text(json.dumps(asdict(holder)), encoding="utf-8")

    def release(self) -> None:
        """Release the lock."""
        self._note.unlink(missing_ok=True)
        self._lock.release()


def holder_of(folder: Path) -> Holder | None:
    """The process last recorded as holding a folder's index; None if there is none or it is gone."""
    try:
        holder = Holder(**json.loads((folder / "holder.json").read_text(encoding="utf-8")))
        os.kill(holder.pid, 0)
    except (OSError, OverflowError, ValueError, TypeError):
        return None
    return holder


def chat_url(folder: Path) -> str:
    """The address of the chat that holds a folder's index; empty if no chat does."""
    holder = holder_of(folder)
    return holder.url if holder else ""


def _held(folder: Path) -> str:
    holder = holder_of(folder)
    who = f"process {holder.pid} (python -m {holder.command})" if holder else "another process"
    what = "Stop that chat" if holder and holder.url else "Wait for its end"
    return f"The index in {folder} is in use by {who}. {what}, then try again."
