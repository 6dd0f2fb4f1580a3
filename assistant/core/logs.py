"""The program's log on standard error: lines of text for people, or of JSON for a collector.

Neither questions nor articles are logged, nor query strings, headers or settings.
"""

import logging
import sys

from assistant.core.settings import LogFormat, LogSettings

LOG = "assistant"
"""The name of the program's logger."""


def configure_logs(settings: LogSettings) -> None:
    """Have the program's own lines written from the level set, and those of libraries from warnings on."""
    handler, root = _Stderr(), logging.getLogger()
    handler.setFormatter(_formatter(settings.format))
    handler.addFilter(_request_id)
    root.handlers = [other for other in root.handlers if not isinstance(other, _Stderr)] + [handler]
    logging.getLogger(LOG).setLevel(settings.level.upper())


class _Stderr(logging.Handler):
    """Writes to what is standard error at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        sys.stderr.write(f"{self.format(record)}\n")


def _formatter(wanted: LogFormat) -> logging.Formatter:
    if wanted is LogFormat.TEXT:
        return logging.Formatter("%(message)s")
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(
        ("levelname", "name", "message"),
        timestamp=True,
        rename_fields={"levelname": "level", "name": "logger"},
        json_ensure_ascii=False,
    )


def _request_id(record: logging.LogRecord) -> bool:
    """Add the id of the request that a line belongs to, if it belongs to one."""
    from asgi_correlation_id import correlation_id

    if found := correlation_id.get():
        record.request_id = found
    return True
