"""The engines against a real HTTP server that speaks their protocols, and what each says when something is missing."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.core.errors import ModelUnavailable, WeightsError
from assistant.core.settings import Engine, LlmSettings, Settings
from assistant.models.engines import count_tokens, failures, open_model
from assistant.models.llama import EmbeddedChat

WORDS = ["점유율은 ", "17%", "입니다. [1]"]


FAULTS = ("cut", "junk", "broken", "slow")
"""Models of the test server that fail: the connection ends half-way, a line is no JSON, a 500, no word for
too long.
"""


class _Handler(BaseHTTPRequestHandler):
    """Ollama's and OpenAI's chat protocols, both streaming."""

    def do_GET(self) -> None:
        if self.path == "/api/tags":
            self._json(
                {
                    "models": [
                        {"model": f"{name}:latest", "name": f"{name}:latest"} for name in ("small", *FAULTS)
                    ]
                }
            )
        elif self.path == "/v1/models":
            self._json(
                {"object": "list", "data": [{"id": name, "object": "model"} for name in ("small", *FAULTS)]}
            )
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)  # type: ignore[attr-defined]
        if body["model"] == "broken":
            self.send_error(500)
            return
        self.send_response(200)
        if body["model"] in FAULTS:
            self.send_header("Content-Length", str(10**6))  # more than comes: who reads on notices the end
        self.end_headers()
        if body["model"] in FAULTS:
            self._fail(body["model"])
            return
        if self.path == "/api/chat":
            for i, word in enumerate([*WORDS, ""]):
                line = {
                    "model": "small",
                    "message": {"role": "assistant", "content": word},
                    "done": i == len(WORDS),
                }
                self.wfile.write(json.dumps(line).encode() + b"\n")
            return
        for word in WORDS:
            event = {
                "id": "x",
                "object": "chat.completion.chunk",
                "choices": [{"index": 0, "delta": {"content": word}}],
            }
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _fail(self, fault: str) -> None:
        line = {"model": fault, "message": {"role": "assistant", "content": WORDS[0]}, "done": False}
        event = {
            "id": "x",
            "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": {"content": WORDS[0]}}],
        }
        first = json.dumps(line) + "\n" if self.path == "/api/chat" else f"data: {json.dumps(event)}\n\n"
        self.wfile.write(first.encode())
        self.wfile.flush()
        if fault == "junk":
            self.wfile.write(b"data: {half of a\n\n")
        elif fault == "slow":
            time.sleep(3)

    def log_message(self, *_args: object) -> None:
        pass

    def _json(self, body: object) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as made:
        made.bodies = []  # type: ignore[attr-defined]
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def _settings(engine: Engine, url: str | None, model: str = "small") -> Settings:
    return Settings(llm=LlmSettings(engine=engine, url=url, model=model, timeout_s=1))


@pytest.mark.parametrize(("engine", "suffix"), [(Engine.OLLAMA, ""), (Engine.OPENAI, "/v1")])
def test_a_server_is_streamed_from(server: ThreadingHTTPServer, engine: Engine, suffix: str) -> None:
    model = open_model(_settings(engine, f"http://127.0.0.1:{server.server_port}{suffix}"))
    assert model is not None
    chunks = [str(chunk.content) for chunk in model.stream([HumanMessage("점유율은?")])]
    assert "".join(chunks) == "".join(WORDS)
    assert len([chunk for chunk in chunks if chunk]) == len(WORDS)


def test_ollama_is_told_the_real_context(server: ThreadingHTTPServer) -> None:
    model = open_model(_settings(Engine.OLLAMA, f"http://127.0.0.1:{server.server_port}"))
    assert model is not None
    model.invoke([HumanMessage("점유율은?")])
    assert server.bodies[0]["options"]["num_ctx"] == LlmSettings().context_tokens  # type: ignore[attr-defined]
    assert server.bodies[0]["keep_alive"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("engine", "suffix"), [(Engine.OLLAMA, ""), (Engine.OPENAI, "/v1")])
def test_a_server_that_fails_half_way_costs_the_rest_of_one_answer(
    server: ThreadingHTTPServer, engine: Engine, suffix: str, fault: str
) -> None:
    model = open_model(_settings(engine, f"http://127.0.0.1:{server.server_port}{suffix}", fault))
    assert model is not None
    written: list[str] = []
    with pytest.raises(failures()):
        written.extend(str(chunk.content) for chunk in model.stream([HumanMessage("점유율은?")]))
    assert "".join(written) == ("" if fault == "broken" else WORDS[0])


@pytest.mark.parametrize(
    ("engine", "url", "model", "message"),
    [
        (Engine.OLLAMA, "http://127.0.0.1:9", "small", "ollama serve"),
        (Engine.OPENAI, "http://127.0.0.1:9/v1", "small", "Check NEWS_LLM__URL"),
        (Engine.OPENAI, None, "small", "NEWS_LLM__URL=http://host:port/v1"),
    ],
)
def test_a_missing_server_is_one_line_with_what_to_do(
    engine: Engine, url: str | None, model: str, message: str
) -> None:
    with pytest.raises(ModelUnavailable, match=message):
        open_model(_settings(engine, url, model))


@pytest.mark.parametrize(
    ("engine", "suffix", "message"),
    [(Engine.OLLAMA, "", "ollama pull large"), (Engine.OPENAI, "/v1", "can be: small")],
)
def test_a_missing_model_is_one_line_with_what_to_do(
    server: ThreadingHTTPServer, engine: Engine, suffix: str, message: str
) -> None:
    with pytest.raises(ModelUnavailable, match=message):
        open_model(_settings(engine, f"http://127.0.0.1:{server.server_port}{suffix}", "large"))


def test_no_engine_is_no_model() -> None:
    assert open_model(_settings(Engine.NONE, None)) is None


def test_an_embedded_model_that_is_no_model_is_named() -> None:
    with pytest.raises(WeightsError, match=r"no language model 'nonsense.gguf'"):
        open_model(_settings(Engine.EMBEDDED, None, "nonsense.gguf"))


@pytest.mark.model
def test_the_embedded_model_streams_the_same_answer_twice(model: BaseChatModel) -> None:
    question = [HumanMessage("What is 2 + 2? Answer with the number only.")]
    first = "".join(str(chunk.content) for chunk in model.stream(question))
    assert "4" in first
    assert str(model.invoke(question).content) == first


@pytest.mark.model
def test_a_stream_that_is_given_up_leaves_the_model_free(model: BaseChatModel) -> None:
    stream = model.stream([HumanMessage("Count from 1 to 100.")])
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert model.invoke([HumanMessage("Say yes.")]).content


@pytest.mark.model
def test_a_crash_of_the_embedded_model_costs_one_answer(model: EmbeddedChat) -> None:
    stream = model.stream([HumanMessage("Count from 1 to 100.")])
    next(stream)
    os.kill(model.process_id, signal.SIGSEGV)
    with pytest.raises(OSError, match="process failed"):
        list(stream)
    assert model.invoke([HumanMessage("Say yes.")]).content


@pytest.mark.model
def test_a_model_that_hangs_costs_one_answer(model: EmbeddedChat) -> None:
    hanging = EmbeddedChat(path=model.path, context_tokens=1024, max_tokens=8, timeout_s=10)
    os.kill(hanging.process_id, signal.SIGSTOP)
    with pytest.raises(OSError, match="wrote nothing for 10 seconds"):
        hanging.invoke([HumanMessage("Say yes.")])
    assert hanging.invoke([HumanMessage("Say yes.")]).content
    hanging.close()


@pytest.mark.model
def test_prompts_that_take_turns_are_answered_by_their_own_system_messages(model: EmbeddedChat) -> None:
    tasks = [
        "Answer with the sum of the two numbers, in digits only.",
        "Answer with the word for 'cat' in German only.",
    ]
    asked = [
        [SystemMessage(tasks[0]), HumanMessage("2 and 5")],
        [SystemMessage(tasks[1]), HumanMessage("Which word?")],
    ]
    for _ in range(3):
        assert "7" in str(model.invoke(asked[0]).content)
        assert "Katze" in str(model.invoke(asked[1]).content)


@pytest.mark.model
def test_texts_are_counted_while_the_model_writes(model: EmbeddedChat) -> None:
    stream = model.stream([HumanMessage("Count from 1 to 100.")])
    next(stream)
    few, many = count_tokens(model, ["하나", "하나 둘 셋 넷 다섯"])
    assert 0 < few < many
    stream.close()  # type: ignore[attr-defined]


@pytest.mark.model
def test_answers_come_in_the_order_of_their_questions(model: EmbeddedChat) -> None:
    done: list[int] = []

    def ask(n: int) -> None:
        model.invoke([HumanMessage("Say yes.")])
        done.append(n)

    stream = model.stream([HumanMessage("Count from 1 to 100.")])
    next(stream)
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for n, thread in enumerate(threads, 2):
        thread.start()
        while model.waiting < n:
            time.sleep(0.01)
    stream.close()  # type: ignore[attr-defined]
    for thread in threads:
        thread.join()
    assert done == [0, 1, 2, 3]
