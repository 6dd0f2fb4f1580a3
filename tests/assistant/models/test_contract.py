"""What every server with a language model has to do, against llama.cpp's own with the real model, and OLLAMA_HOST's."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from gguf_files import write_small_model
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.errors import ModelUnavailable
from assistant.core.records import Status
from assistant.core.settings import DEFAULT_LLM, Engine, LlmSettings, Settings
from assistant.core.weights import language_model_file
from assistant.models.choice import choose_model
from assistant.models.engines import failures, open_model

CONTEXT = 1024
COUNT = [HumanMessage("Count from 1 to 9 in digits, separated by spaces. Write nothing else.")]
needs_llama = pytest.mark.parametrize("served", ["llama.cpp"], indirect=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _llama_server(
    path: Path, port: int, *, context: int = CONTEXT, all_logits: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """llama-cpp-python's server, listening; a model is there as soon as it is."""
    options = {
        "model": path,
        "model_alias": "tested",
        "port": port,
        "n_ctx": context,
        "logits_all": all_logits,
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "llama_cpp.server", *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{port}/v1/models").raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None
                time.sleep(0.2)
        yield process
        process.kill()


@dataclass
class Served:
    """A server's settings, and its model opened with them."""

    settings: Settings
    model: BaseChatModel

    def text(self, *, stop: list[str] | None = None, **options: object) -> str:
        """What it says to ``COUNT``."""
        return str(self.model.invoke(COUNT, stop=stop, **options).content)


def _open(llm: LlmSettings) -> Served:
    settings = choose_model(Settings(llm=llm)).settings
    model = open_model(settings)
    assert model is not None
    return Served(settings, model)


def _openai(port: int) -> LlmSettings:
    url = f"http://127.0.0.1:{port}/v1"
    return LlmSettings(
        engine=Engine.OPENAI, model="auto", url=url, context_tokens=CONTEXT, max_tokens=64, timeout_s=60
    )


@pytest.fixture(scope="module")
def weights(settings: Settings) -> Path:
    return language_model_file(DEFAULT_LLM, settings.weights_dir)


@pytest.fixture(scope="module")
def llama(weights: Path) -> Iterator[LlmSettings]:
    port = _free_port()
    with _llama_server(weights, port):
        yield _openai(port)


@pytest.fixture(params=["llama.cpp", "ollama"])
def served(request: pytest.FixtureRequest) -> Served:
    if request.param == "llama.cpp":
        return _open(request.getfixturevalue("llama"))
    if "OLLAMA_HOST" not in os.environ:
        pytest.skip("OLLAMA_HOST is not set")
    return _open(LlmSettings(engine=Engine.OLLAMA, model="auto", context_tokens=CONTEXT, max_tokens=64))


pytestmark = pytest.mark.model


def test_the_model_is_chosen_by_the_servers_own_list(served: Served) -> None:
    assert served.settings.llm.model != "auto"
    assert served.settings.llm.engine.is_server


def test_an_answer_comes_piece_by_piece_and_twice_the_same(served: Served) -> None:
    pieces = [str(chunk.content) for chunk in served.model.stream(COUNT)]
    assert len([piece for piece in pieces if piece]) >= 9
    assert "1 2 3 4 5 6 7 8 9" in "".join(pieces)
    assert served.text() == "".join(pieces)


def test_generation_ends_before_a_stop_word(served: Served) -> None:
    assert served.text(stop=["5"]).split() == ["1", "2", "3", "4"]


def test_a_prompt_that_nearly_fills_the_context_is_read_from_its_beginning(served: Served) -> None:
    filler = "The committee met again and adjourned without a result. " * 60
    asked = [
        SystemMessage("The code word is 'persimmon'."),
        HumanMessage(f"{filler}\nWhat is the code word? Answer with it alone."),
    ]
    answer = served.model.invoke(asked)
    assert "persimmon" in str(answer.content).lower()
    assert answer.usage_metadata is not None  # type: ignore[attr-defined]
    assert 600 < answer.usage_metadata["input_tokens"] < CONTEXT  # type: ignore[attr-defined]


@needs_llama
def test_a_prompt_beyond_the_context_is_refused_and_not_cut(served: Served) -> None:
    with pytest.raises(failures(), match="maximum context length"):
        served.model.invoke([HumanMessage("한국 " * CONTEXT)])


def test_log_probabilities_come_with_each_token(tmp_path: Path) -> None:
    small, port = tmp_path / "small.gguf", _free_port()
    write_small_model(small, "{% for m in messages %}{{ m.content }}{% endfor %}")
    with _llama_server(small, port, context=256, all_logits=True):
        answer = _open(_openai(port)).model.invoke([HumanMessage("1 2 3")], logprobs=True, top_logprobs=1)
    found = answer.response_metadata["logprobs"]["content"]
    assert "".join(token["token"] for token in found) == answer.content
    assert all(token["logprob"] <= 0 for token in found)


def test_an_answer_can_be_bound_to_a_schema(served: Served) -> None:
    schema = {
        "title": "Count",
        "type": "object",
        "properties": {"last": {"type": "integer"}},
        "required": ["last"],
        "additionalProperties": False,
    }
    bound = (
        {"format": schema}
        if served.settings.llm.engine is Engine.OLLAMA
        else {"response_format": {"type": "json_object", "schema": schema}}
    )
    assert isinstance(json.loads(served.text(**bound))["last"], int)


def test_a_missing_model_is_named_with_what_to_do(served: Served) -> None:
    llm = served.settings.llm.model_copy(update={"model": "no-such-model"})
    with pytest.raises(ModelUnavailable, match=r"can be: |ollama pull no-such-model"):
        open_model(served.settings.model_copy(update={"llm": llm}))


def test_a_question_is_answered_and_every_sentence_verified(served: Served, samples: Archive) -> None:
    answer = AnswerPipeline(samples, served.model, served.settings).invoke(
        Ask("최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?")
    )
    assert answer.status is not Status.NO_EVIDENCE
    assert answer.engine["model"] == f"{served.settings.llm.engine}:{served.settings.llm.model}"
    assert all(sentence.citations for sentence in answer.sentences)


def test_a_server_that_goes_away_costs_the_rest_of_an_answer_and_is_used_again_when_it_is_back(
    weights: Path,
) -> None:
    port = _free_port()
    with _llama_server(weights, port) as process:
        served = _open(_openai(port))
        stream = served.model.stream(COUNT)
        next(stream)
        process.kill()
        with pytest.raises(failures()):
            list(stream)
    with pytest.raises(failures()):
        served.text()
    with _llama_server(weights, port):
        assert "1 2 3" in served.text()
