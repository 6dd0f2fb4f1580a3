"""The language model behind LangChain's ``BaseChatModel``: embedded llama.cpp, Ollama, an OpenAI-compatible server, or none."""

import sys
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import httpx
from langchain_core.language_models.chat_models import BaseChatModel

from assistant.core.errors import ModelUnavailable
from assistant.core.settings import DEFAULT_LLM, Engine, LlmSettings, Settings
from assistant.core.weights import language_model_file
from assistant.models.llama import EmbeddedChat
from assistant.models.turns import Turn

OLLAMA_URL = "http://127.0.0.1:11434"
DEFAULT_OLLAMA_MODEL = "qwen2.5:3b"


def open_model(settings: Settings) -> BaseChatModel | None:
    """Load or connect to the configured model; None for the engine ``none``.

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
            )
        case Engine.OLLAMA:
            return _ollama(llm)
        case Engine.OPENAI:
            return _openai(llm)


def model_name(settings: LlmSettings) -> str:
    """The model's name for answer records."""
    if settings.engine is Engine.NONE:
        return "none"
    if settings.engine is Engine.OLLAMA and settings.model == DEFAULT_LLM:
        return f"ollama:{DEFAULT_OLLAMA_MODEL}"
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


def _ollama(settings: LlmSettings) -> BaseChatModel:
    import ollama
    from langchain_ollama import ChatOllama

    url = settings.url or OLLAMA_URL
    model = DEFAULT_OLLAMA_MODEL if settings.model == DEFAULT_LLM else settings.model
    try:
        with ollama.Client(host=url, timeout=10) as client:
            names = {found.model or "" for found in client.list().models}
    except (ollama.ResponseError, httpx.HTTPError, OSError) as exc:
        raise ModelUnavailable(
            f"Ollama does not answer at {url} ({exc}). Start it with: ollama serve\nOr set NEWS_LLM__URL."
        ) from exc
    if model not in names and f"{model}:latest" not in names:
        raise ModelUnavailable(
            f"Ollama at {url} does not have the model {model!r}. Fetch it with: ollama pull {model}"
        )
    return ChatOllama(
        model=model,
        base_url=url,
        temperature=0,
        num_ctx=settings.context_tokens,
        num_predict=settings.max_tokens,
        keep_alive="30m",
        client_kwargs={"timeout": settings.timeout_s},
    )


def _openai(settings: LlmSettings) -> BaseChatModel:
    from langchain_openai import ChatOpenAI

    if not settings.url:
        raise ModelUnavailable(
            "The engine 'openai' needs the server's address: NEWS_LLM__URL=http://host:port/v1"
        )
    headers = {"Authorization": f"Bearer {settings.api_key.get_secret_value()}"} if settings.api_key else {}
    try:
        answer = httpx.get(
            f"{settings.url.rstrip('/')}/models", headers=headers, timeout=10
        ).raise_for_status()
        names = [model["id"] for model in answer.json()["data"]]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as exc:
        raise ModelUnavailable(
            f"No OpenAI-compatible server answers at {settings.url} ({exc}). Check NEWS_LLM__URL and NEWS_LLM__API_KEY."
        ) from exc
    if settings.model not in names:
        raise ModelUnavailable(
            f"The server at {settings.url} does not have {settings.model!r}; NEWS_LLM__MODEL can be: {', '.join(names)}"
        )
    return ChatOpenAI(
        model=settings.model,
        base_url=settings.url,
        api_key=settings.api_key or (lambda: "none"),
        temperature=0,
        max_completion_tokens=settings.max_tokens,
        timeout=settings.timeout_s,
        max_retries=0,
    )
