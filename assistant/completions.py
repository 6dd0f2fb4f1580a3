"""An OpenAI-compatible ``/v1/chat/completions``, so that other chat programs can use the assistant as a model."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict

from assistant.access import Access, TooManyQuestions, user_of
from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.errors import AssistantError, SettingsError
from assistant.core.records import Answer, Turn

MODEL = "ai-policy-news"
"""The model's name; any other is accepted, too."""


class PartIn(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class ChatMessageIn(BaseModel):
    """A message; a system message is ignored, because answers come from the articles alone."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[PartIn]

    @property
    def text(self) -> str:
        """The message's text."""
        return self.content if isinstance(self.content, str) else " ".join(part.text for part in self.content)


class CompletionIn(BaseModel):
    """A request; sampling options are accepted and have no effect."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "Doanh thu năm 2024 của Xiaomi là bao nhiêu?"}],
                }
            ]
        },
    )

    model: str = MODEL
    messages: list[ChatMessageIn]
    stream: bool = False


def add_completions(app: FastAPI, pipeline: AnswerPipeline, access: Access) -> None:
    """Add the endpoints to an application."""

    @app.get("/v1/models")
    def models() -> dict[str, Any]:
        """The one model there is."""
        return {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": pipeline.model_name}]}

    @app.post("/v1/chat/completions")
    def complete(body: CompletionIn, request: Request) -> Response:
        """Answer the last message, with citations as the message's ``annotations``.

        A stream begins when the answer is finished: what is shown before may still be replaced.
        """
        turns = [message for message in body.messages if message.role in ("user", "assistant")]
        if not turns or turns[-1].role != "user":
            raise SettingsError("The last message has to be the user's.")
        if not access.may_ask(user_of(request)):
            raise TooManyQuestions("Too many questions in one minute; wait a moment.")
        ask = Ask(turns[-1].text, tuple(Turn(turn.role, turn.text) for turn in turns[:-1]))
        made = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": body.model}
        base = str(request.base_url)
        if body.stream:
            return StreamingResponse(_chunks(pipeline, ask, made, base), media_type="text/event-stream")
        answer = pipeline.invoke(ask)
        message = {"role": "assistant", "content": answer.text, "annotations": annotations(answer, base)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
        return JSONResponse({**made, "object": "chat.completion", "choices": [choice], "usage": usage})


def annotations(answer: Answer, base: str) -> list[dict[str, Any]]:
    """A ``url_citation`` for every marker in the answer's text, leading to the quoted words; offsets in characters."""
    found, at = [], 0
    for sentence in answer.sentences:
        for n in sentence.citations:
            marker = f"[{n}]"
            start = answer.text.index(marker, at)
            at = start + len(marker)
            cited = answer.citations[n - 1]
            place = f"version={cited.version}&start={cited.start}&end={cited.end}#quote"
            citation = {
                "start_index": start,
                "end_index": at,
                "url": f"{base}articles/{cited.article_id}?{place}",
                "title": cited.title,
            }
            found.append({"type": "url_citation", "url_citation": citation})
    return found


def _chunks(pipeline: AnswerPipeline, ask: Ask, made: dict[str, Any], base: str) -> Iterator[str]:
    """The answer as chunks, a sentence at a time once it is finished; comments keep the connection alive until then."""
    try:
        for answer in pipeline.stream(ask):
            if not answer.done:
                yield ": in progress\n\n"
                continue
            for text in _pieces(answer):
                yield _chunk(made, {"role": "assistant", "content": text}, None)
            yield _chunk(made, {"annotations": annotations(answer, base)}, "stop")
    except AssistantError as exc:
        yield f"data: {json.dumps({'error': {'message': str(exc)}}, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


def _pieces(answer: Answer) -> Sequence[str]:
    """The answer's text, cut after its citation markers."""
    pieces, rest = [], answer.text
    for sentence in answer.sentences[:-1]:
        end = rest.index(sentence.text) + len(sentence.text)
        end = max([end, *(rest.index(f"[{n}]", end) + len(f"[{n}]") for n in sentence.citations)])
        pieces.append(rest[:end])
        rest = rest[end:]
    return [*pieces, rest]


def _chunk(made: dict[str, Any], delta: dict[str, Any], reason: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    chunk = {**made, "object": "chat.completion.chunk", "choices": [choice]}
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
