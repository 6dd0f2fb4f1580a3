"""Fetches pages politely, and only from the public internet.

Every address that a name resolves to is checked, and the one that was checked is connected to: neither a
redirect nor a name that changes its mind leads to a private network. robots.txt is followed as RFC 9309 says.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from typing import Any, Self
from urllib.robotparser import RobotFileParser

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from assistant.core.errors import IngestError
from assistant.core.settings import IngestSettings

AGENT = "ai-policy-news-assistant"
_MOST_REDIRECTS = 5
_ATTEMPTS = 3
_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address returned; ``url`` is where redirects led.

    ``raw`` is None where it has not changed since the validators were taken.
    """

    url: str
    raw: bytes | None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Refused(IngestError):
    """The host will not give it (status 4xx)."""


class Gone(Refused):
    """It is not there any more, or never was (status 404 or 410)."""


class _TryLater(Exception):
    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Fetcher:
    """One client for all addresses of a run; keeps each host's robots.txt and the time of its last request."""

    def __init__(
        self, settings: IngestSettings, max_bytes: int, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings, self._max_bytes, self._sleep = settings, max_bytes, sleep
        self._client = httpx.Client(
            headers={"User-Agent": AGENT},
            timeout=settings.timeout_s,
            trust_env=False,
            follow_redirects=False,
            # A connection for each request, so that its deadline sees the socket
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._robots: dict[str, RobotFileParser] = {}
        self._next: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """What an address returns, after as many tries as a passing fault deserves.

        Args:
            url: http or https.
            etag: Of the last time, so that what is unchanged is not sent again.
            last_modified: The same.

        Raises:
            Gone: It is not there.
            IngestError: It may not be fetched, is too large, or cannot be reached; says why.
        """
        validators = {
            name: value
            for name, value in (("If-None-Match", etag), ("If-Modified-Since", last_modified))
            if value
        }
        return self._followed(_parsed(url), validators)

    def _followed(self, url: httpx.URL, validators: dict[str, str], *, is_robots: bool = False) -> Fetched:
        target = url
        for _ in range(_MOST_REDIRECTS + 1):
            if not is_robots:
                self._require_allowed(target)
            response = self._sent(target, validators)
            if response.next_target is None:
                return response.fetched
            target = _parsed(str(target.join(response.next_target)))
        raise IngestError(f"{url} redirects more than {_MOST_REDIRECTS} times.")

    def _require_allowed(self, url: httpx.URL) -> None:
        robots = self._robots_of(url)
        if not robots.can_fetch(AGENT, str(url)):
            raise IngestError(f"The robots.txt of {url.host} does not allow {url.path} to be fetched.")

    def _robots_of(self, url: httpx.URL) -> RobotFileParser:
        origin = f"{url.scheme}://{url.netloc.decode()}"
        if origin not in self._robots:
            robots = RobotFileParser()
            try:
                found = self._followed(_parsed(f"{origin}/robots.txt"), {}, is_robots=True)
                robots.parse((found.raw or b"").decode("utf-8", "replace").splitlines())
            except Refused:
                robots.parse([])
            self._robots[origin] = robots
        return self._robots[origin]

    def _sent(self, url: httpx.URL, validators: dict[str, str]) -> "_Response":
        tries = Retrying(
            retry=retry_if_exception_type((_TryLater, httpx.TransportError)),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return tries(self._once, url, validators)
        except _TryLater as exc:
            raise IngestError(f"{url.host} answers {exc}; try again later.") from exc
        except httpx.TransportError as exc:
            raise IngestError(f"{url.host} cannot be reached: {exc or type(exc).__name__}.") from exc

    def _once(self, url: httpx.URL, validators: dict[str, str]) -> "_Response":
        address = self._checked_address(url)
        self._wait_for(url)
        with _Deadline(self._settings.total_timeout_s) as deadline:
            request = self._client.build_request(
                "GET",
                url.copy_with(host=address),
                headers={**validators, "Host": url.netloc.decode()},
                extensions={"sni_hostname": url.host, "trace": deadline.watch},
            )
            try:
                response = self._client.send(request, stream=True)
                try:
                    return self._read(response, url)
                finally:
                    response.close()
            except httpx.TransportError as exc:
                if not deadline.is_over:
                    raise
                limit = self._settings.total_timeout_s
                raise IngestError(f"{url.host} takes more than {limit:g} seconds.") from exc

    def _read(self, response: httpx.Response, url: httpx.URL) -> "_Response":
        status = response.status_code
        if response.has_redirect_location:
            return _Response(Fetched(str(url), None), response.headers["Location"])
        if status == httpx.codes.NOT_MODIFIED:
            return _Response(Fetched(str(url), None))
        if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT) or status >= 500:
            raise _TryLater(str(status), _seconds(response.headers.get("Retry-After")))
        if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
            raise Gone(f"{url} is not there (status {status}).")
        if status >= 400:
            raise Refused(f"{url.host} refuses {url.path} (status {status}).")
        raw = bytearray()
        for chunk in response.iter_bytes():
            raw += chunk
            if len(raw) > self._max_bytes:
                raise IngestError(f"{url} has more than {self._max_bytes // 2**20} MiB; an article has less.")
        headers = response.headers
        return _Response(
            Fetched(
                str(url),
                bytes(raw),
                response.charset_encoding,
                headers.get("ETag"),
                headers.get("Last-Modified"),
            )
        )

    def _checked_address(self, url: httpx.URL) -> str:
        try:
            found = socket.getaddrinfo(url.host, url.port or None, type=socket.SOCK_STREAM)
        except OSError as exc:
            raise IngestError(f"There is no host {url.host}.") from exc
        addresses = [str(info[4][0]) for info in found]
        if not self._settings.allow_private and any(
            not ipaddress.ip_address(a.partition("%")[0]).is_global for a in addresses
        ):
            raise IngestError(
                f"{url.host} is an address of a private network; set NEWS_INGEST__ALLOW_PRIVATE=true to fetch from it."
            )
        return addresses[0]

    def _wait_for(self, url: httpx.URL) -> None:
        """Leave the host the time between two requests that it wishes, or the settings do."""
        robots = self._robots.get(f"{url.scheme}://{url.netloc.decode()}")
        wished = float(robots.crawl_delay(AGENT) or 0) if robots else 0.0
        delay = min(max(wished, self._settings.delay_s), _LONGEST_WAIT_S)
        now = time.monotonic()
        self._sleep(max(0.0, self._next.get(url.host, now) - now))
        self._next[url.host] = time.monotonic() + delay


class _Deadline:
    """Ends a request's connection when its time is up; httpx limits each read, and a host may send byte by byte."""

    def __init__(self, seconds: float) -> None:
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Called by httpx with what it is doing."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")

    def _end(self) -> None:
        self.is_over = True
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class _Response:
    fetched: Fetched
    next_target: str | None = None


def _parsed(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as exc:
        raise IngestError(f"{url!r} is no address: {exc}.") from exc
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise IngestError(f"Only http and https addresses are fetched, not {url!r}.")
    return parsed


def _seconds(value: str | None) -> float | None:
    return float(value) if value and value.isdecimal() else None


def _wait(state: RetryCallState) -> float:
    """As long as the server asks for, else twice as long as before, up to a minute."""
    failed = state.outcome.exception() if state.outcome else None
    asked = failed.after_s if isinstance(failed, _TryLater) else None
    return min(asked if asked is not None else wait_exponential(max=_LONGEST_WAIT_S)(state), _LONGEST_WAIT_S)
