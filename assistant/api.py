"""The HTTP API beside the page: ``POST /api/ask``, ``GET /api/health``, OpenAPI at ``/openapi.json``."""

from datetime import date
from typing import Annotated, Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import MAX_QUESTION_CHARS, AnswerPipeline, Ask
from assistant.core.errors import AssistantError, SettingsError
from assistant.core.records import Answer, Filters, Turn
from assistant.core.text import Language


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MessageIn(_Strict):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


class FiltersIn(_Strict):
    """Restricts the search; empty lists and null restrict nothing, both dates are inclusive."""

    languages: list[Language] = []
    publishers: list[str] = []
    since: Annotated[date | None, Field(alias="from")] = None
    until: Annotated[date | None, Field(alias="to")] = None


class AskIn(_Strict):
    """A question."""

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARS)]
    history: list[MessageIn] = []
    filters: FiltersIn = FiltersIn()


class ErrorOut(BaseModel):
    """What went wrong and what to do."""

    error: str


def build_api(pipeline: AnswerPipeline) -> FastAPI:
    """The application; the page is mounted on it by the entry point."""
    app = FastAPI(title="AI Policy News Assistant", docs_url=None, redoc_url=None)

    @app.post(
        "/api/ask",
        response_model=Answer,
        responses={503: {"model": ErrorOut}, 400: {"model": ErrorOut}},
    )
    def ask(body: AskIn) -> JSONResponse:
        """Answer a question from the stored articles; the record is the one that ``ask --json`` prints."""
        filters = Filters(tuple(body.filters.languages), tuple(body.filters.publishers), body.filters.since, body.filters.until)
        answer = pipeline.invoke(Ask(body.question, tuple(Turn(m.role, m.content) for m in body.history), filters))
        return JSONResponse(answer.to_json())

    @app.get("/api/health")
    def health() -> dict[str, str]:
        """Answers once questions can be answered."""
        return {"status": "ok"}

    @app.exception_handler(AssistantError)
    def failed(_request: Request, exc: Exception) -> JSONResponse:
        return JSONResponse({"error": str(exc)}, status_code=400 if isinstance(exc, SettingsError) else 503)

    return app
