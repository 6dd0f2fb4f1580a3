"""The engines against a real HTTP server that speaks their protocols, and what each says when something is missing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage

from assistant.core.errors import ModelUnavailable, WeightsError
from assistant.core.settings import Engine, LlmSettings, Settings
from assistant.llm import open_model

WORDS = ["점유율은 ", "17%", "입니다. [1]"]


class _Handler(BaseHTTPRequestHandler):
    """Ollama's and OpenAI's chat protocols, both streaming."""

    def do_GET(self) -> None:
        if self.path == "/api/tags":
            self._json({"models": [{"model": "small:latest", "name": "small:latest"}]})
        elif self.path == "/v1/models":
            self._json({"object": "list", "data": [{"id": "small", "object": "model"}]})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        if self.path == "/api/chat":
            for i, word in enumerate([*WORDS, ""]):
                line = {"model": "small", "message": {"role": "assistant", "content": word}, "done": i == len(WORDS)}
                self.wfile.write(json.dumps(line).encode() + b"\n")
            return
        for word in WORDS:
            event = {"id": "x", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": word}}]}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

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
    return Settings(llm=LlmSettings(engine=engine, url=url, model=model))


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


@pytest.mark.parametrize(
    ("engine", "url", "model", "message"),
    [
        (Engine.OLLAMA, "http://127.0.0.1:9", "small", "ollama serve"),
        (Engine.OPENAI, "http://127.0.0.1:9/v1", "small", "Check NEWS_LLM__URL"),
        (Engine.OPENAI, None, "small", "NEWS_LLM__URL=http://host:port/v1"),
    ],
)
def test_a_missing_server_is_one_line_with_what_to_do(engine: Engine, url: str | None, model: str, message: str) -> None:
    with pytest.raises(ModelUnavailable, match=message):
        open_model(_settings(engine, url, model))


@pytest.mark.parametrize(
    ("engine", "suffix", "message"), [(Engine.OLLAMA, "", "ollama pull large"), (Engine.OPENAI, "/v1", "can be: small")]
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
