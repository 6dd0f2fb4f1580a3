"""The HTTP API beside the page: questions, cited articles, health; OpenAPI at ``/openapi.json``."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from assistant.answering.pipeline import MAX_QUESTION_CHARS, AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.errors import AssistantError, SettingsError
from assistant.core.languages import Language
from assistant.core.records import Answer, Filters, Turn


def _whole(text: str) -> str:
    """Reject text that cannot be stored or searched: NUL characters and lone surrogates."""
    if "\0" in text:
        raise ValueError("it holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise ValueError(f"it holds a lone surrogate at position {exc.start}") from exc
    return text


_Text = Annotated[str, AfterValidator(_whole)]
_Question = Annotated[str, Field(max_length=MAX_QUESTION_CHARS), AfterValidator(_whole)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MessageIn(_Strict):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: _Text


class FiltersIn(_Strict):
    """Restricts the search; empty lists and null restrict nothing, both dates are inclusive."""

    languages: list[Language] = []
    publishers: list[_Text] = []
    since: Annotated[date | None, Field(alias="from")] = None
    until: Annotated[date | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"the days are reversed: from {self.since} to {self.until}")
        return self


class AskIn(_Strict):
    """A question; the answer to an empty one says what the assistant is for."""

    question: _Question
    history: list[MessageIn] = []
    filters: FiltersIn = FiltersIn()


class HealthOut(BaseModel):
    """The chat's health: ``degraded`` while newly added articles cannot be indexed."""

    status: Literal["ok", "degraded"]
    pending: int
    error: str | None
    flushed: datetime | None


class ArticleOut(BaseModel):
    """An article in one of its versions; the offsets of citations refer to ``text``."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    version: int
    url: str
    title: str
    text: str
    language: Language
    publisher: str
    author: str
    published: date | None
    updated: date | None


class ErrorOut(BaseModel):
    """What went wrong and what to do, in one line."""

    error: str


def build_api(pipeline: AnswerPipeline, archive: Archive) -> FastAPI:
    """Build the application; the entry point mounts the page on it."""
    errors: dict[int | str, dict[str, Any]] = {422: {"model": ErrorOut}, 503: {"model": ErrorOut}}
    app = FastAPI(title="AI Policy News Assistant", docs_url=None, redoc_url=None)

    @app.post("/api/ask", response_model=Answer, responses=errors)
    def ask(body: AskIn) -> JSONResponse:
        """Answer a question from the stored articles; returns the record that ``ask --json`` prints."""
        _require_publishers(body.filters.publishers, archive)
        filters = Filters(
            tuple(body.filters.languages),
            tuple(body.filters.publishers),
            body.filters.since,
            body.filters.until,
        )
        answer = pipeline.invoke(
            Ask(body.question, tuple(Turn(m.role, m.content) for m in body.history), filters)
        )
        return JSONResponse(answer.to_json())

    @app.get(
        "/api/articles/{article_id}",
        response_model=ArticleOut,
        responses={404: {"model": ErrorOut}, 503: {"model": ErrorOut}},
    )
    def article(article_id: str, version: int | None = None) -> ArticleOut | JSONResponse:
        """An article as a citation quotes it: in the version that the citation names, or the latest."""
        latest = next(iter(archive.store.articles([article_id])), None)
        found = latest if version is None else archive.store.version(article_id, version)
        if found is None:
            return _error(404, f"There is no such article, or no such version of it: {article_id}, {version}")
        return ArticleOut.model_validate(found)

    @app.get("/api/health", responses={503: {"model": ErrorOut}})
    def health() -> HealthOut:
        """Respond once questions can be answered, and tell whether new articles are being indexed."""
        state = archive.state()
        error = _line(state.error) if state.error else None
        return HealthOut(
            status="ok" if state.is_ok else "degraded",
            pending=state.pending,
            error=error,
            flushed=state.flushed,
        )

    @app.api_route(
        "/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def unknown(request: Request) -> JSONResponse:
        return _error(404, f"There is no {request.method} {request.url.path}; see /openapi.json")

    @app.exception_handler(AssistantError)
    def failed(_request: Request, exc: Exception) -> JSONResponse:
        return _error(422 if isinstance(exc, SettingsError) else 503, str(exc))

    @app.exception_handler(RequestValidationError)
    def refused(_request: Request, exc: Exception) -> JSONResponse:
        assert isinstance(exc, RequestValidationError)  # noqa: S101 - what it is registered for
        return _error(422, "; ".join(map(_problem, exc.errors())))

    return app


def _require_publishers(named: Sequence[str], archive: Archive) -> None:
    if unknown := [name for name in named if name not in archive.store.publishers()]:
        raise SettingsError(
            f"No article is by {', '.join(unknown)}; see the publishers in: python -m ingest list"
        )


def _problem(error: dict[str, Any]) -> str:
    """One problem with a request, where and what; the input itself is not echoed."""
    place = ".".join(str(part) for part in error["loc"] if part != "body")
    return f"{place}: {error['msg']}" if place else str(error["msg"])


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": _line(message)}, status_code=status)


def _line(message: str) -> str:
    return " ".join(message.split())
