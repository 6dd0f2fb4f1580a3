"""The process that holds the embedded language model, so that a native crash costs one answer, not the page.

Requests and replies are JSON lines on standard input and output, matched by ``id``. Requests:
``{"id", "messages", "max_tokens", "stop"}``, ``{"id", "count": [text, …]}``, ``{"id", "cancel": true}``.
Replies: ``{"id", "text"}`` any number of times, then ``{"id", "done": true}``; ``{"id", "tokens": [n, …]}``;
``{"id", "error"}``. Tokens are counted even while an answer is being generated. The process ends when its
standard input does.

A prefix shared with the previous prompt is evaluated only once, and so is a system message, whatever was
asked in between: llama.cpp's state after it is kept, some 10 MB each. (llama-cpp-python's own prompt cache
was tried; it stores gigabytes of logits as well.)
"""

import argparse
import ctypes
import json
import os
import queue
import sys
import threading
from typing import Any

_MAX_STATES = 12
"""Number of system messages whose state is kept: two tasks in three languages, and as many again."""


class _Worker:
    def __init__(self, model: str, context_tokens: int, threads: int) -> None:
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
        # Output printed by native code must not end up among the replies
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self._writing = threading.Lock()
        self._requests: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._cancelled: set[int] = set()
        self._states: dict[str, tuple[list[int], bytes]] = {}
        from llama_cpp import Llama

        self._llama = Llama(
            model, n_ctx=context_tokens, n_threads=threads, n_threads_batch=threads, verbose=False
        )
        answer_at_once(self._llama)

    def run(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        self._reply(id=0, done=True)
        while request := self._requests.get():
            try:
                self._write(request)
            except Exception as exc:  # llama.cpp raises nothing more specific
                self._reply(id=request["id"], error=str(exc) or type(exc).__name__)

    def _read(self) -> None:
        for line in sys.stdin:
            request = json.loads(line)
            if "count" in request:
                tokens = [
                    len(self._llama.tokenize(text.encode(), add_bos=False, special=False))
                    for text in request["count"]
                ]
                self._reply(id=request["id"], tokens=tokens)
            elif "cancel" in request:
                self._cancelled.add(request["id"])
            else:
                self._requests.put(request)
        self._requests.put(None)

    def _write(self, request: dict[str, Any]) -> None:
        first = request["messages"][0]
        system = first["content"] if first["role"] == "system" else ""
        self._return_to(system)
        events = self._llama.create_chat_completion(
            request["messages"],
            stream=True,
            temperature=0.0,
            max_tokens=request["max_tokens"],
            stop=request["stop"],
        )
        for event in events:
            if request["id"] in self._cancelled:
                break
            if text := event["choices"][0]["delta"].get("content"):
                self._reply(id=request["id"], text=text)
        self._cancelled.discard(request["id"])
        self._reply(id=request["id"], done=True)
        if system and system not in self._states:
            self._keep(system)

    def _return_to(self, system: str) -> None:
        """Restore the state after a system message if it is stored and not already current."""
        import llama_cpp

        tokens, state = self._states.get(system, ([], b""))
        if not tokens or self._llama.input_ids[: len(tokens)].tolist() == tokens:
            return
        held = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        self._llama.n_tokens = 0
        if llama_cpp.llama_state_seq_set_data(self._llama.ctx, held, len(state), 0):
            self._llama.input_ids[: len(tokens)] = tokens
            self._llama.n_tokens = len(tokens)

    def _keep(self, system: str) -> None:
        """Store the state after the system message that began the prompt just answered."""
        import llama_cpp

        # The chat template's markers precede it, so the first n tokens do not reach beyond it.
        n = len(self._llama.tokenize(system.encode(), add_bos=False, special=False))
        if self._llama.n_tokens < n:
            return
        llama_cpp.llama_memory_seq_rm(llama_cpp.llama_get_memory(self._llama.ctx), 0, n, -1)
        self._llama.n_tokens = n
        size = llama_cpp.llama_state_seq_get_size(self._llama.ctx, 0)
        held = (ctypes.c_uint8 * size)()
        llama_cpp.llama_state_seq_get_data(self._llama.ctx, held, size, 0)
        self._states[system] = self._llama.input_ids[:n].tolist(), bytes(held)
        if len(self._states) > _MAX_STATES:
            del self._states[next(iter(self._states))]

    def _reply(self, **reply: Any) -> None:
        with self._writing:
            self._out.write(json.dumps(reply) + "\n")
            self._out.flush()


def answer_at_once(llama: Any) -> None:
    """Tell a chat template that lets the model think aloud first not to, if it has a switch for that."""
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

    template = llama.metadata.get("tokenizer.chat_template", "")
    if "enable_thinking" not in template:
        return
    bos, eos = (
        llama.detokenize([token], special=True).decode() if token >= 0 else ""
        for token in (llama.token_bos(), llama.token_eos())
    )
    llama.chat_handler = Jinja2ChatFormatter(
        f"{{%- set enable_thinking = false -%}}{template}", eos, bos, stop_token_ids=[llama.token_eos()]
    ).to_chat_handler()


def main() -> None:
    """Load the model and answer requests until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m assistant.models.llama")
    parser.add_argument("model")
    parser.add_argument("--context", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    args = parser.parse_args()
    try:
        worker = _Worker(args.model, args.context, args.threads)
    except (ImportError, OSError, RuntimeError, ValueError) as exc:
        print(json.dumps({"id": 0, "error": f"{type(exc).__name__}: {exc}"}), flush=True)
        sys.exit(3)
    worker.run()


if __name__ == "__main__":
    main()
