"""Many users at once, each with pauses for reading, over a model server that answers at once.

Ten users for half a minute; the whole load: LOAD_USERS=50 LOAD_MINUTES=10 pytest --log-level=INFO -rP tests/test_load.py
"""

import json
import logging
import os
import random
import re
import statistics
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from commands import chat_process

from eval.dataset.cases import BUILT_IN, load_cases

USERS = int(os.environ.get("LOAD_USERS", "10"))
MINUTES = float(os.environ.get("LOAD_MINUTES", "0.5"))
_PAUSE_S = 30
"""How long a user reads an answer, on average, in the whole load; in the short one as much shorter as there are fewer users."""

pytestmark = pytest.mark.weights


class _Model(BaseHTTPRequestHandler):
    """A server of OpenAI's protocol whose model finds no answer."""

    def do_GET(self) -> None:
        self._send(json.dumps({"data": [{"id": "fast", "object": "model"}]}), "application/json")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        words = ("The articles do ", "not say this.")
        chunks = [
            {"id": "x", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": w}}]}
            for w in words
        ]
        lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        self._send("".join([*lines, "data: [DONE]\n\n"]), "text/event-stream")

    def _send(self, body: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Model) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        own = {
            "NEWS_DATA_DIR": str(tmp_path / "data"),
            "NEWS_LLM__ENGINE": "openai",
            "NEWS_LLM__MODEL": "fast",
            "NEWS_LLM__URL": f"http://127.0.0.1:{server.server_port}/v1",
            "NEWS_PAGE__PORT": "0",
            "NEWS_PAGE__QUESTIONS_PER_MINUTE": "100000",
        }
        with chat_process(own, "--samples") as url:
            yield url
        server.shutdown()


def _memory_mib(chat: str) -> float:
    text = httpx.get(f"{chat}/metrics", timeout=60).text
    found = re.search(r"^process_resident_memory_bytes (\S+)", text, re.M)
    assert found
    return float(found[1]) / 2**20


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def test_many_users_are_answered_without_errors_nearly_as_fast_as_one_and_in_flat_memory(chat: str) -> None:
    # Each is asked alone first: torch compiles and keeps code for every length of text that it meets
    questions = [case.question for case in load_cases(BUILT_IN, None)][: 3 * USERS]
    retrieval: dict[bool, list[float]] = {True: [], False: []}
    failed: list[str] = []

    def ask(question: str, *, alone: bool) -> None:
        try:
            answer = httpx.post(f"{chat}/api/ask", json={"question": question}, timeout=120)
            record = answer.raise_for_status().json()
        except httpx.HTTPError as exc:
            failed.append(f"{question}: {exc!r}")
            return
        if "retrieve" in record["timings_ms"]:  # not in an answer to a greeting
            retrieval[alone].append(record["timings_ms"]["retrieve"])

    for question in questions:
        ask(question, alone=True)
    before, until = _memory_mib(chat), time.monotonic() + 60 * MINUTES

    def user(seed: int) -> None:
        chance = random.Random(seed)
        time.sleep(chance.random() * _PAUSE_S * USERS / 50)
        while time.monotonic() < until:
            ask(chance.choice(questions), alone=False)
            time.sleep(chance.expovariate(50 / USERS / _PAUSE_S))

    users = [threading.Thread(target=user, args=(seed,)) for seed in range(USERS)]
    for thread in users:
        thread.start()
    for thread in users:
        thread.join()
    after = _memory_mib(chat)
    ratio = _p95(retrieval[False]) / _p95(retrieval[True])
    asked = len(retrieval[False])
    told = (
        f"{asked} answers: p95 of retrieval {ratio:.2f} x one user's, memory {before:.0f} -> {after:.0f} MiB"
    )
    logging.getLogger(__name__).info("%s users, %s", USERS, told)
    assert failed == []
    assert asked >= USERS
    assert after < 1.25 * before, told
    assert ratio <= 3, told
