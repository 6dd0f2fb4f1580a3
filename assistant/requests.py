"""Every request gets an id, which its answer's header and all its log lines carry, and a log line of its own."""

import logging
import re
import time

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.core.logs import LOG
from assistant.core.records import Answer

_ID = re.compile(r"[\w-]{8,64}")
log = logging.getLogger(LOG)


def log_requests(app: FastAPI) -> FastAPI:
    """Add this to an application that is otherwise complete; an id that a proxy sends as ``X-Request-ID`` is kept."""
    app.add_middleware(_RequestLog)
    app.add_middleware(CorrelationIdMiddleware, validator=lambda sent: _ID.fullmatch(sent) is not None)
    return app


def log_answer(answer: Answer) -> None:
    """Log how a question was answered, but not what was asked."""
    log.info(
        "answer",
        extra={
            "status": str(answer.status),
            "language": str(answer.language),
            "sentences": len(answer.sentences),
            "dropped": len(answer.dropped),
            "ms": dict(answer.timings_ms),
            "model": answer.engine["model"],
            "notes": answer.trace,
        },
    )


class _RequestLog:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not log.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            ms = round(1000 * (time.perf_counter() - started))
            route = {"method": scope["method"], "path": scope["path"], "status": status, "ms": ms}
            log.info("%s %r %s %s ms", *route.values(), extra=route)
