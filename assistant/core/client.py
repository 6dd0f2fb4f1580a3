"""Client for a running chat's API."""

from typing import Any

import httpx

from assistant.core.errors import AssistantError, ServiceError, SettingsError

_TIMEOUT_S = 600
"""Long enough for a slow model with other questions queued first."""


def ask_chat(url: str, question: str) -> dict[str, Any] | None:
    """The answer record from the chat at ``url``; None if nothing listens there.

    Raises:
        SettingsError: The chat rejects the question.
        ServiceError: The chat fails.
    """
    return _json(url, "POST", "/api/ask", json={"question": question})


def chat_health(url: str) -> dict[str, Any] | None:
    """The health report of the chat at ``url``; None if nothing listens there.

    Raises:
        ServiceError: The chat fails.
    """
    return _json(url, "GET", "/api/health")


def _json(url: str, method: str, path: str, **request: Any) -> dict[str, Any] | None:
    try:
        response = httpx.request(method, url + path, timeout=_TIMEOUT_S, trust_env=False, **request)
        found: dict[str, Any] = response.json()
    except httpx.ConnectError:
        return None
    except (httpx.HTTPError, ValueError) as exc:
        raise ServiceError(f"The chat at {url} does not answer as it should: {exc}") from exc
    if response.is_success:
        return found
    error: type[AssistantError] = SettingsError if response.is_client_error else ServiceError
    raise error(str(found.get("error", found)))
