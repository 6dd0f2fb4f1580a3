"""The language model behind LangChain's ``BaseChatModel``: embedded llama.cpp, Ollama, an OpenAI-compatible server, or none."""

import sys
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import httpx
from langchain_core.language_models.chat_models import BaseChatModel

from assistant.core.errors import ModelUnavailable
from assistant.core.settings import Engine, LlmSettings, Settings
from assistant.core.weights import known_model, language_model_file
from assistant.models import machine
from assistant.models.llama import EmbeddedChat
from assistant.models.turns import Turn

_SERVER_S = 10.0


def open_model(settings: Settings) -> BaseChatModel | None:
    """Load or connect to the configured model; None for the engine ``none``.

    The settings must name engine and model: see ``assistant.models.choice``.

    Raises:
        ModelUnavailable: It cannot be loaded or reached; the message says how to fix that.
        WeightsError: Its file cannot be fetched.
    """
    llm = settings.llm
    match llm.engine:
        case Engine.NONE:
            return None
        case Engine.EMBEDDED:
            path = language_model_file(llm.model, settings.weights_dir)
            return EmbeddedChat(
                path=path,
                context_tokens=llm.context_tokens,
                max_tokens=llm.max_tokens,
                timeout_s=llm.timeout_s,
                threads=llm.threads or machine.cores(),
            )
        case Engine.OLLAMA:
            return _ollama(llm)
        case Engine.OPENAI:
            return _openai(llm)
        case Engine.AUTO:
            raise ModelUnavailable("Which model is to answer is not settled yet; call choose_model first.")


def served_models(llm: LlmSettings, timeout_s: float = _SERVER_S) -> list[str]:
    """The models of the configured server, by its names.

    Raises:
        ModelUnavailable: It does not answer.
    """
    return _ollama_models(llm, timeout_s) if llm.engine is Engine.OLLAMA else _openai_models(llm, timeout_s)


def model_name(settings: LlmSettings) -> str:
    """The model's name for answer records."""
    if settings.engine is Engine.NONE:
        return "none"
    return f"{settings.engine}:{settings.model}"


@runtime_checkable
class CountsTokens(Protocol):
    """A model that can count tokens."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text."""


@runtime_checkable
class Queues(Protocol):
    """A model that generates one answer at a time and lets one wait in a queue."""

    def queue(self) -> Turn:
        """Take a place in the queue."""


def count_tokens(model: BaseChatModel, texts: Sequence[str]) -> list[int]:
    """The number of tokens in each text: exact for the embedded model, a cautious estimate for a server's."""
    if isinstance(model, CountsTokens):
        return model.count_tokens(texts)
    return [len(text.encode()) * 2 // 3 + 1 for text in texts]


def failures() -> tuple[type[Exception], ...]:
    """The exceptions that the loaded models may raise while generating."""
    found: tuple[type[Exception], ...] = (httpx.HTTPError, OSError, RuntimeError, ValueError)
    for client, error in (("ollama", "ResponseError"), ("openai", "OpenAIError")):
        if client in sys.modules:  # takes a second to import, and other engines do not need it
            found += (getattr(sys.modules[client], error),)
    return found


def _ollama_models(llm: LlmSettings, timeout_s: float) -> list[str]:
    import ollama

    try:
        with ollama.Client(host=llm.url, timeout=timeout_s) as client:
            return [found.model for found in client.list().models if found.model]
    except (ollama.ResponseError, httpx.HTTPError, OSError, ValueError) as exc:
        raise ModelUnavailable(
            f"Ollama does not answer at {llm.url or 'OLLAMA_HOST or its usual port'} ({exc}). "
            "Start it with: ollama serve\nOr set NEWS_LLM__URL."
        ) from exc


def _ollama(llm: LlmSettings) -> BaseChatModel:
    from langchain_ollama import ChatOllama

    if not {llm.model, f"{llm.model}:latest"} & set(served_models(llm)):
        raise ModelUnavailable(
            f"Ollama does not have the model {llm.model!r}. Fetch it with: ollama pull {llm.model}"
        )
    return ChatOllama(
        model=llm.model,
        base_url=llm.url,
        temperature=0,
        reasoning=False,
        num_ctx=llm.context_tokens,
        num_predict=llm.max_tokens,
        keep_alive="30m",
        client_kwargs={"timeout": llm.timeout_s},
    )


def _openai_models(llm: LlmSettings, timeout_s: float) -> list[str]:
    if not llm.url:
        raise ModelUnavailable(
            "The engine 'openai' needs the server's address: NEWS_LLM__URL=http://host:port/v1"
        )
    headers = {"Authorization": f"Bearer {llm.api_key.get_secret_value()}"} if llm.api_key else {}
    try:
        answer = httpx.get(f"{llm.url.rstrip('/')}/models", headers=headers, timeout=timeout_s)
        return [str(model["id"]) for model in answer.raise_for_status().json()["data"]]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as exc:
        raise ModelUnavailable(
            f"No OpenAI-compatible server answers at {llm.url} ({exc}). Check NEWS_LLM__URL and NEWS_LLM__API_KEY."
        ) from exc


def _openai(llm: LlmSettings) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    names = served_models(llm)
    if llm.model not in names:
        raise ModelUnavailable(
            f"The server at {llm.url} does not have {llm.model!r}; NEWS_LLM__MODEL can be: {', '.join(names)}"
        )
    known = known_model(llm.model)
    quietly = {"chat_template_kwargs": {"enable_thinking": False}} if known and known.thinks else None
    return ChatOpenAI(
        model=llm.model,
        base_url=llm.url,
        api_key=llm.api_key or (lambda: "none"),
        temperature=0,
        max_completion_tokens=llm.max_tokens,
        timeout=llm.timeout_s,
        max_retries=0,
        extra_body=quietly,
    )
