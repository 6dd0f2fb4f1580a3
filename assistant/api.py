"""The HTTP API beside the page: questions, articles, health and metrics; described at ``/docs``."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi_swagger import patch_fastapi
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from assistant.access import Access, TooManyQuestions, user_of
from assistant.answering.pipeline import MAX_QUESTION_CHARS, AnswerPipeline, Ask
from assistant.completions import add_completions
from assistant.core.archive import Archive
from assistant.core.errors import AssistantError, SettingsError
from assistant.core.languages import Language
from assistant.core.records import Answer, Article, Filters, Relation, Turn
from assistant.metrics import METRICS_TYPE, Metrics
from ingest import reports


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

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "question": "How much was Xiaomi's revenue in 2024?",
                    "filters": {"languages": ["vi"], "from": "2025-01-01"},
                }
            ]
        }
    )

    question: _Question
    history: list[MessageIn] = []
    filters: FiltersIn = FiltersIn()


class HealthOut(BaseModel):
    """The chat's health: ``degraded`` while newly added articles cannot be indexed."""

    status: Literal["ok", "degraded"]
    pending: int
    error: str | None
    flushed: datetime | None


class ArticlesIn(_Strict):
    """Which articles are listed: those with every word of ``q``, by language, publisher and day, both inclusive."""

    q: _Text = ""
    language: list[Language] = []
    publisher: list[_Text] = []
    since: Annotated[date | None, Field(alias="from")] = None
    until: Annotated[date | None, Field(alias="to")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0)] = 0


class ArticleSummary(BaseModel):
    """An article in one of its versions; ``url`` is its original's, or for a file that of the stored text."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    version: int
    url: str
    title: str
    language: Language
    publisher: str
    author: str
    published: date | None
    updated: date | None
    story_id: str
    relation: Relation


class ArticleOut(ArticleSummary):
    """An article with its text, which the offsets of citations refer to."""

    text: str


class ArticlesOut(BaseModel):
    """A page of the list, and how many articles there are in all."""

    total: int
    articles: list[ArticleSummary]


class ErrorOut(BaseModel):
    """What went wrong and what to do, in one line."""

    error: str


_ERRORS: dict[int | str, dict[str, Any]] = {n: {"model": ErrorOut} for n in (401, 422, 429, 503)}


def build_api(
    pipeline: AnswerPipeline, archive: Archive, access: Access, metrics: Metrics | None = None
) -> FastAPI:
    """Build the application; the entry point mounts the page on it and puts the gate before it."""
    app = FastAPI(
        title="AI Policy News Assistant", docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None
    )
    patch_fastapi(app, docs_url="/docs", redirect_from_root_to_docs=False)

    @app.post(
        "/api/ask",
        response_model=Answer,
        responses=_ERRORS | {200: {"content": {"text/event-stream": {}}}},
    )
    def ask(body: AskIn, request: Request) -> Response:
        """Answer a question from the stored articles; returns the record that ``ask --json`` prints.

        With ``Accept: text/event-stream`` every event is the record so far, whose sentences a later one may
        replace; the last event is named ``done``.
        """
        _require_publishers(body.filters.publishers, archive)
        _require_within_limit(access, request)
        filters = Filters(
            tuple(body.filters.languages),
            tuple(body.filters.publishers),
            body.filters.since,
            body.filters.until,
        )
        question = Ask(body.question, tuple(Turn(m.role, m.content) for m in body.history), filters)
        base = str(request.base_url)
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(_events(pipeline.stream(question), base), media_type="text/event-stream")
        return JSONResponse(_public(pipeline.invoke(question), base))

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

    if metrics:

        @app.get("/metrics", include_in_schema=False)
        def measured() -> Response:
            return Response(metrics.text(archive), media_type=METRICS_TYPE)

    add_completions(app, pipeline, access)

    _add_articles(app, archive)

    @app.api_route(
        "/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def unknown(request: Request) -> JSONResponse:
        return _error(404, f"There is no {request.method} {request.url.path}; see /openapi.json")

    _add_error_handlers(app)
    return app


def _add_articles(app: FastAPI, archive: Archive) -> None:
    @app.get("/api/articles", responses=_ERRORS)
    def articles(request: Request, wanted: Annotated[ArticlesIn, Query()]) -> ArticlesOut:
        """The stored articles, newest first, without their texts."""
        filters = Filters(tuple(wanted.language), tuple(wanted.publisher), wanted.since, wanted.until)
        found = reports.found(archive.store, wanted.q.split(), filters)
        shown = archive.store.articles(found[wanted.offset : wanted.offset + wanted.limit])
        base = str(request.base_url)
        return ArticlesOut(total=len(found), articles=[_summary(article, base) for article in shown])

    @app.get(
        "/api/articles/{article_id}",
        response_model=ArticleOut,
        responses=_ERRORS | {404: {"model": ErrorOut}},
    )
    def article(request: Request, article_id: str, version: int | None = None) -> ArticleOut | JSONResponse:
        """An article as a citation quotes it: in the version that the citation names, or the latest."""
        latest = next(iter(archive.store.articles([article_id])), None)
        found = latest if version is None else archive.store.version(article_id, version)
        if found is None:
            return _error(404, f"There is no such article, or no such version of it: {article_id}, {version}")
        summary = _summary(found, str(request.base_url))
        return ArticleOut(**summary.model_dump(), text=found.text)


def _add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(AssistantError)
    def failed(_request: Request, exc: Exception) -> JSONResponse:
        return _error(422 if isinstance(exc, SettingsError) else 503, str(exc))

    @app.exception_handler(TooManyQuestions)
    def too_many(_request: Request, exc: Exception) -> JSONResponse:
        return _error(429, str(exc))

    @app.exception_handler(RequestValidationError)
    def refused(_request: Request, exc: Exception) -> JSONResponse:
        assert isinstance(exc, RequestValidationError)  # noqa: S101 - what it is registered for
        return _error(422, "; ".join(map(_problem, exc.errors())))


def _require_publishers(named: Sequence[str], archive: Archive) -> None:
    if unknown := [name for name in named if name not in archive.store.publishers()]:
        raise SettingsError(
            f"No article is by {', '.join(unknown)}; see the publishers in: python -m ingest list"
        )


def _require_within_limit(access: Access, request: Request) -> None:
    if not access.may_ask(user_of(request)):
        raise TooManyQuestions("Too many questions in one minute; wait a moment.")


def _events(answers: Iterator[Answer], base: str) -> Iterator[str]:
    """Server-sent events of an answer in progress; a failure is an event named ``error``."""
    try:
        for answer in answers:
            name = "done" if answer.done else "answer"
            yield f"event: {name}\ndata: {json.dumps(_public(answer, base), ensure_ascii=False)}\n\n"
    except AssistantError as exc:
        yield f"event: error\ndata: {json.dumps({'error': _line(str(exc))}, ensure_ascii=False)}\n\n"


def _public(answer: Answer, base: str) -> dict[str, Any]:
    """The record with addresses that lead somewhere: a file of this machine is replaced by its stored text."""
    record = answer.to_json()
    for citation in record["citations"]:
        for one in (citation, *citation["others"]):
            one["url"] = _address(one["url"], one["article_id"], base)
    return record


def _summary(article: Article, base: str) -> ArticleSummary:
    summary = ArticleSummary.model_validate(article)
    return summary.model_copy(update={"url": _address(article.url, article.id, base)})


def _address(url: str, article_id: str, base: str) -> str:
    return url if url.startswith(("http://", "https://")) else f"{base}articles/{article_id}"


def _problem(error: dict[str, Any]) -> str:
    """One problem with a request, where and what; the input itself is not echoed."""
    place = ".".join(str(part) for part in error["loc"] if part != "body")
    return f"{place}: {error['msg']}" if place else str(error["msg"])


def _error(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": _line(message)}, status_code=status)


def _line(message: str) -> str:
    return " ".join(message.split())
