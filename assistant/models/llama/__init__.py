"""The embedded language model: llama.cpp in a separate process, as a LangChain chat model."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field, PrivateAttr

from assistant.core.errors import ModelUnavailable
from assistant.models import machine
from assistant.models.turns import Turn, Turns

_ROLES = {SystemMessage: "system", HumanMessage: "user"}
_LOADING_S = 300


class EmbeddedChat(BaseChatModel):
    """Generates one answer at a time; further requests queue in order of arrival.

    ``timeout_s`` is the longest wait for a single token. If the process dies, the answer in progress fails
    with ``OSError``, and the next request starts a new process.
    """

    path: Path
    context_tokens: int
    max_tokens: int
    threads: int = Field(default_factory=machine.cores)
    timeout_s: float = 120
    _process: "_Process | None" = PrivateAttr(default=None)
    _turns: Turns = PrivateAttr(default_factory=Turns)

    def model_post_init(self, context: Any, /) -> None:
        """Load the model.

        Raises:
            ModelUnavailable: llama-cpp-python is not installed, or cannot read the file.
        """
        super().model_post_init(context)
        self._running()

    def close(self) -> None:
        """End the process."""
        if self._process:
            self._process.close()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text; does not wait for an answer in progress."""
        reply = next(self._running().ask({"count": list(texts)}, self.timeout_s))
        return list(reply["tokens"])

    def get_num_tokens(self, text: str) -> int:
        """The number of tokens in a text."""
        return self.count_tokens([text])[0]

    @property
    def process_id(self) -> int:
        """The id of the process that holds the model."""
        return self._running().id

    @property
    def waiting(self) -> int:
        """The number of answers in progress or queued."""
        return len(self._turns)

    def queue(self) -> Turn:
        """Take a place in the queue; given to ``stream`` as ``turn``, it holds for several answers until it is left."""
        return self._turns.join()

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    def _running(self) -> "_Process":
        if self._process is None or self._process.is_dead:
            sizes = ["--context", str(self.context_tokens), "--threads", str(self.threads)]
            self._process = _Process([str(self.path), *sizes])
        return self._process

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        *,
        turn: Turn | None = None,
        **kwargs: Any,  # noqa: ARG002 - LangChain's own
    ) -> Iterator[ChatGenerationChunk]:
        request = {
            "messages": [
                {"role": _ROLES.get(type(m), "assistant"), "content": str(m.content)} for m in messages
            ],
            "max_tokens": self.max_tokens,
            "stop": stop or [],
        }
        with nullcontext(turn) if turn else self._turns.join() as mine:
            mine.wait()
            for reply in self._running().ask(request, self.timeout_s):
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=reply["text"]))
                if run_manager:
                    run_manager.on_llm_new_token(reply["text"], chunk=chunk)
                yield chunk


class _Process:
    """A running ``python -m assistant.models.llama``; a thread dispatches its replies by request."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._ids = count(1)
        self._replies: dict[int, Queue[dict[str, Any]]] = {0: Queue()}
        self._child = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-m", "assistant.models.llama", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._sending = threading.Lock()
        self._reader = threading.Thread(target=self._sort, daemon=True)
        self._reader.start()
        try:
            reply = self._replies[0].get(timeout=_LOADING_S)
        except Empty:
            reply = {"error": f"it did not load within {_LOADING_S} seconds"}
        if "error" in reply:
            self.close()
            raise ModelUnavailable(
                f"llama.cpp does not run {arguments[0]}: {reply['error']}\n"
                "Build it with: make setup\nOr name another file in NEWS_LLM__MODEL, or go without a model: NEWS_LLM__ENGINE=none"
            )

    @property
    def id(self) -> int:
        return self._child.pid

    @property
    def is_dead(self) -> bool:
        return self._child.poll() is not None or not self._reader.is_alive()

    def ask(self, request: dict[str, Any], timeout_s: float) -> Iterator[dict[str, Any]]:
        """The replies to a request, which is cancelled if the iterator is abandoned half-way."""
        number = next(self._ids)
        replies = self._replies[number] = Queue()
        try:
            self._send({"id": number, **request})
            while True:
                reply = replies.get(timeout=timeout_s)
                if "error" in reply:
                    raise OSError(f"the language model's process failed: {reply['error']}")
                if "done" in reply:
                    number = 0
                    return
                yield reply
        except Empty as exc:
            self._child.kill()  # it hangs: the next request starts a new one
            raise OSError(f"the language model wrote nothing for {timeout_s:g} seconds") from exc
        finally:
            if number and not self.is_dead and "messages" in request:
                self._cancel(number, replies)
            self._replies.pop(number, None)

    def close(self) -> None:
        with self._sending:
            if self._child.stdin and not self._child.stdin.closed:
                self._child.stdin.close()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._reader.join(10)
        if self._child.stdout:
            self._child.stdout.close()

    def _cancel(self, number: int, replies: Queue[dict[str, Any]]) -> None:
        try:
            self._send({"id": number, "cancel": True})
            while not {"done", "error"} & replies.get(timeout=10).keys():
                pass
        except (OSError, Empty):
            self._child.kill()

    def _send(self, request: dict[str, Any]) -> None:
        with self._sending:
            if self._child.stdin is None or self._child.stdin.closed:
                raise OSError("the language model's process has ended")
            self._child.stdin.write(json.dumps(request) + "\n")
            self._child.stdin.flush()

    def _sort(self) -> None:
        for line in self._child.stdout or ():
            reply = json.loads(line)
            if (replies := self._replies.get(reply["id"])) is not None:
                replies.put(reply)
        for replies in list(self._replies.values()):
            replies.put({"error": f"it ended (exit code {self._child.wait()})"})
