"""A language model wrapper that records the seconds spent in the model and the tokens it writes."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant.models.engines import count_tokens


class TimedModel(BaseChatModel):
    """Streams what ``model`` streams.

    ``tokens`` counts the streamed chunks; with most engines a chunk is one token.
    """

    model: BaseChatModel
    seconds: float = 0.0
    tokens: int = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Token counts by the wrapped model."""
        return count_tokens(self.model, texts)

    @property
    def _llm_type(self) -> str:
        return "timed"

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        started = time.perf_counter()
        for chunk in self.model._stream(messages, stop, run_manager, **kwargs):
            self.seconds += time.perf_counter() - started
            self.tokens += 1
            yield chunk
            started = time.perf_counter()
        self.seconds += time.perf_counter() - started
