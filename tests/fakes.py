"""What stands in for a real part where a test has to decide what that part does."""

import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field


class ScriptedModel(BaseChatModel):
    """Says the same to everything, or something else when it is asked again, and keeps what it was asked.

    It writes three characters at a time, with a pause after each.
    """

    says: str = ""
    pause_s: float = 0.0
    then: str | None = None
    fails: bool = False
    asked: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        self.asked.append("\n".join(str(message.content) for message in messages))
        is_again = any(message.type == "ai" for message in messages)
        text = self.then if is_again and self.then is not None else self.says
        for i in range(0, max(1, len(text)), 3):
            yield ChatGenerationChunk(message=AIMessageChunk(content=text[i : i + 3]))
            time.sleep(self.pause_s)
        if self.fails:
            raise ConnectionError("the server went away")


class Crash(Exception):
    """The process ends here."""


class CrashingIndex:
    """A vector index whose process ends in the middle of a change."""

    def upsert(self, points: Any) -> None:
        raise Crash


class HashEmbedder:
    """Unit vectors that depend on the text alone, without a model's files; keeps how many texts it embedded."""

    dimensions, max_tokens = 8, 512

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self.fails_at = ""
        self.error: Exception = ValueError("this text cannot be embedded")

    def token_ends(self, texts: Sequence[str]) -> list[list[int]]:
        """Every character is a token."""
        return [list(range(1, len(text) + 1)) for text in texts]

    def passages(self, texts: Sequence[str]) -> Any:
        if self.fails_at and any(self.fails_at in text for text in texts):
            raise self.error
        self.embedded += texts
        seeds = [int.from_bytes(sha256(text.encode()).digest()[:8]) for text in texts]
        vectors = np.stack([np.random.default_rng(seed).normal(size=self.dimensions) for seed in seeds])
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
