"""The language model behind LangChain's ``BaseChatModel``: embedded llama.cpp, Ollama, an OpenAI-compatible server, or none."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from assistant.core.errors import ModelUnavailable
from assistant.core.settings import DEFAULT_LLM, Engine, LlmSettings, Settings
from assistant.core.weights import language_model_file

OLLAMA_URL = "http://127.0.0.1:11434"
DEFAULT_OLLAMA_MODEL = "qwen2.5:3b"


class EmbeddedChat(BaseChatModel):
    """llama.cpp in this process; one answer at a time, others wait their turn."""

    path: Path
    context_tokens: int
    max_tokens: int
    _llama: Any = PrivateAttr()
    _turn: Lock = PrivateAttr(default_factory=Lock)

    def model_post_init(self, context: Any, /) -> None:
        """Load the model.

        Raises:
            ModelUnavailable: llama-cpp-python is not installed, or does not read the file.
        """
        super().model_post_init(context)
        try:
            from llama_cpp import Llama
        except (ImportError, OSError, RuntimeError) as exc:
            raise ModelUnavailable(
                f"llama.cpp is not usable here ({exc}). Build it with: make setup\nOr go without a model: NEWS_LLM__ENGINE=none"
            ) from exc
        n_threads = os.cpu_count()
        try:
            self._llama = Llama(
                str(self.path), n_ctx=self.context_tokens, n_threads=n_threads, n_threads_batch=n_threads, verbose=False
            )
        except ValueError as exc:
            raise ModelUnavailable(f"llama.cpp cannot read {self.path}: {exc}. Name another file in NEWS_LLM__MODEL.") from exc

    def close(self) -> None:
        """Release the model's memory."""
        self._llama.close()

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

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
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        with self._turn:
            events = self._llama.create_chat_completion(
                [{"role": _role(message), "content": str(message.content)} for message in messages],
                stream=True,
                temperature=0.0,
                max_tokens=self.max_tokens,
                stop=stop or [],
                **kwargs,
            )
            for event in events:
                text = event["choices"][0]["delta"].get("content")
                if text:
                    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
                    if run_manager:
                        run_manager.on_llm_new_token(text, chunk=chunk)
                    yield chunk


def open_model(settings: Settings) -> BaseChatModel | None:
    """The model that the settings name, loaded or reached; None where they say ``none``.

    Raises:
        ModelUnavailable: It cannot be loaded or reached; names the command that mends it.
        WeightsError: Its file cannot be fetched.
    """
    llm = settings.llm
    match llm.engine:
        case Engine.NONE:
            return None
        case Engine.EMBEDDED:
            path = language_model_file(llm.model, settings.weights_dir)
            return EmbeddedChat(path=path, context_tokens=llm.context_tokens, max_tokens=llm.max_tokens)
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


def failures() -> tuple[type[Exception], ...]:
    """What the models that are loaded may raise while they write."""
    found: tuple[type[Exception], ...] = (httpx.HTTPError, OSError, RuntimeError, ValueError)
    for client, error in (("ollama", "ResponseError"), ("openai", "OpenAIError")):
        if client in sys.modules:  # a second to import that other engines do without
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
        raise ModelUnavailable(f"Ollama at {url} does not have the model {model!r}. Fetch it with: ollama pull {model}")
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
        raise ModelUnavailable("The engine 'openai' needs the server's address: NEWS_LLM__URL=http://host:port/v1")
    headers = {"Authorization": f"Bearer {settings.api_key.get_secret_value()}"} if settings.api_key else {}
    try:
        answer = httpx.get(f"{settings.url.rstrip('/')}/models", headers=headers, timeout=10).raise_for_status()
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


def _role(message: BaseMessage) -> str:
    match message:
        case SystemMessage():
            return "system"
        case HumanMessage():
            return "user"
        case _:
            return "assistant"
