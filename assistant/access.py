"""Who asks, and what they may do: a login against a file of users or behind a proxy, and a limit to questions."""

import base64
import secrets
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import FastAPI
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.core.errors import SettingsError
from assistant.core.settings import Login, PageSettings
from assistant.core.storage import on_disk

_HASHER = PasswordHasher()
_POLICY = "; ".join(
    (
        "default-src 'self'",
        # Gradio compiles its components' templates in the browser
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
_EDITOR, _READER = "editor", "reader"
_OPEN = ("/login", "/page-assets/", "/api/health")
"""Paths that need no login."""
_SESSION_S = 180 * 24 * 3600


class TooManyQuestions(Exception):
    """A user has reached the limit."""


@dataclass(frozen=True, slots=True)
class User:
    """Who asks: a user by name, or an anonymous browser.

    ``owner`` is the name that conversations are kept under; only editors add and remove articles.
    """

    owner: str
    name: str = ""
    is_editor: bool = True


class Users:
    """The file of users, one to a line: ``name:editor:hash`` or ``name:reader:hash``, hashed by Argon2."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, name: str, password: str, *, is_editor: bool) -> None:
        """Add a user, or give one another password and role.

        Raises:
            SettingsError: The name or the password cannot be used.
            StorageUnavailable: The file cannot be written.
        """
        if not name or ":" in name or name != name.strip() or not name.isprintable():
            raise SettingsError(f"{name!r} cannot be a user's name: it needs letters, and no colon.")
        if len(password) < 8:
            raise SettingsError("The password is too short: it needs at least 8 characters.")
        users = self._read() | {name: (_EDITOR if is_editor else _READER, _HASHER.hash(password))}
        with on_disk(self._file.parent):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.touch(mode=0o600)
            lines = (f"{each}:{role}:{hashed}\n" for each, (role, hashed) in sorted(users.items()))
            self._file.write_text("".join(lines), encoding="utf-8")

    @property
    def is_empty(self) -> bool:
        """Whether there are no users."""
        return not self._read()

    def user(self, name: str) -> User | None:
        """The user of this name."""
        found = self._read().get(name)
        return User(f"user:{name}", name, found[0] == _EDITOR) if found else None

    def verified(self, name: str, password: str) -> User | None:
        """The user, if the password is right."""
        _, hashed = self._read().get(name) or ("", _nobody())
        try:
            _HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return None
        return self.user(name)

    def _read(self) -> dict[str, tuple[str, str]]:
        if not self._file.exists():
            return {}
        found = {}
        for number, line in enumerate(self._file.read_text(encoding="utf-8").splitlines(), 1):
            name, _, rest = line.partition(":")
            role, _, hashed = rest.partition(":")
            if role not in (_EDITOR, _READER) or not hashed:
                raise SettingsError(
                    f"{self._file}, line {number} is not of the form name:editor:hash. "
                    "Write it with: python -m assistant user NAME"
                )
            found[name] = (role, hashed)
        return found


class Access:
    """Tells who makes a request, and whether they may."""

    def __init__(self, settings: PageSettings, data_dir: Path) -> None:
        """Set up the login that the settings name.

        Raises:
            SettingsError: Others can reach the page, and no login is set; or there are no users.
        """
        self.login = _login(settings)
        self.users = Users(settings.users or data_dir / "users.txt")
        self._settings = settings
        if self.login is Login.USERS and self.users.is_empty:
            raise SettingsError(
                "The page needs a login, but there are no users: python -m assistant user NAME"
            )
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._key = _key(data_dir)

    def guard(self, app: FastAPI) -> None:
        """Put the gate, and the sessions it reads, before an application."""
        app.add_middleware(_Gate, access=self)
        app.add_middleware(SessionMiddleware, secret_key=self._key, max_age=_SESSION_S, same_site="lax")

    def user(self, request: HTTPConnection) -> User | None:
        """Who makes the request; None if they have to log in first."""
        if self.login is Login.NONE:
            return User(f"browser:{request.session['visitor']}")
        if self.login is Login.HEADER:
            name = request.headers.get(self._settings.user_header, "")
            trusted = request.client is not None and request.client.host in self._settings.trusted_proxies
            is_editor = name in self._settings.editors
            return User(f"user:{name}", name, is_editor) if name and trusted else None
        if sent := _basic(request.headers.get("authorization", "")):
            return self.users.verified(*sent)
        return self.users.user(request.session.get("user", ""))

    def is_foreign(self, request: HTTPConnection) -> bool:
        """Whether another site's page makes the request: without a login, a browser on this machine is let in whoever sends it."""
        if self.login is not Login.NONE:
            return False
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if _is_loopback(self._settings.host) and not _is_loopback(_without_port(host)):
            return True  # a name that somebody has pointed at this machine
        is_safe = request.scope.get("method") in ("GET", "HEAD", "OPTIONS")
        return origin is not None and not is_safe and origin.partition("://")[2] != host

    def may_ask(self, user: User) -> bool:
        """Whether another question of this user is within the limit; counts it."""
        limit = RateLimitItemPerMinute(self._settings.questions_per_minute)
        return self._limiter.hit(limit, user.owner)


class _Gate:
    """ASGI middleware: sends those who are not logged in to the login, and adds security headers."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app, self._access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its ``User`` in the state, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        if "visitor" not in request.session:
            request.session["visitor"] = secrets.token_urlsafe(16)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in _HEADERS.items()),
                ]
            await send(message)

        if self._access.is_foreign(request):
            await JSONResponse({"error": "Another site may not ask this one."}, 403)(scope, receive, send)
            return
        user = self._access.user(request)
        if user is None and not request.url.path.startswith(_OPEN):
            await _refused(request)(scope, receive, send_with_headers)
            return
        scope.setdefault("state", {})["user"] = user
        await self._app(scope, receive, send_with_headers)


@cache
def _nobody() -> str:
    """What is verified against where there is no such user, so that both take the same time."""
    return _HASHER.hash(secrets.token_urlsafe())


def user_of(request: HTTPConnection) -> User:
    """Who makes a request that the gate has let through."""
    user: User = request.scope["state"]["user"]
    return user


def _refused(request: HTTPConnection) -> Response:
    path = request.url.path
    if "text/html" in request.headers.get("accept", "") and not path.startswith(("/api/", "/v1/")):
        return RedirectResponse(f"/login?{urlencode({'next': path})}", 303)
    return JSONResponse(
        {"error": "Log in first: send name and password by HTTP Basic."}, 401, {"www-authenticate": "Basic"}
    )


def _basic(header: str) -> tuple[str, str] | None:
    """Name and password of an HTTP Basic header; None if it is none."""
    scheme, _, sent = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(sent, validate=True).decode().partition(":")
    except ValueError:
        return None
    return name, password


def _login(settings: PageSettings) -> Login:
    """The login in force: what is set, else none on loopback.

    Raises:
        SettingsError: The page is not on loopback, and nothing is set.
    """
    if settings.login is not Login.AUTO:
        return settings.login
    if _is_loopback(settings.host):
        return Login.NONE
    raise SettingsError(
        f"At {settings.host} others can reach the page, so it needs a login. Set NEWS_PAGE__LOGIN=users and add "
        "users: python -m assistant user NAME\nBehind a proxy that logs users in: NEWS_PAGE__LOGIN=header; "
        "for everybody who can reach it: NEWS_PAGE__LOGIN=none"
    )


def _without_port(host: str) -> str:
    """The name or address in a Host header; empty if it is not one."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _key(data_dir: Path) -> str:
    """The key that signs session cookies; made once, readable by its owner only."""
    file = data_dir / "session.key"
    with on_disk(data_dir):
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(32), encoding="ascii")
        return file.read_text(encoding="ascii")
