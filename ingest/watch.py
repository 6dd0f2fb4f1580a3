"""Follows the feeds, pages and folders that a file lists, each at its own interval, across restarts.

``sources.toml`` holds one table a source::

    [[source]]
    url = "https://news.example/rss"    # a feed, page or sitemap, or the path of a file or folder
    publisher = "Example Daily"         # where an article does not name its own
    language = "ko"
    interval = "15m"                    # s, m, h or d; an hour without one
"""

import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from assistant.core.articles import ArticleStore
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from ingest.feeds import Entry
from ingest.fetch import Fetcher
from ingest.ingester import Ingester, IngestOutcome, Result
from ingest.sources import Source, find_sources

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_INTERVAL = re.compile(r"\s*(\d+)\s*([smhd])\s*")
_STATE = "watched"
"""Under which the store keeps the state of watched sources."""


def _interval(written: Any) -> Any:
    match = _INTERVAL.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError(f"{written!r} is not an interval; write it as 15m, 2h or 1d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


class WatchedSource(BaseModel):
    """A source to follow, and what to say of its articles where they do not say it themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    publisher: str = ""
    language: Language | None = None
    interval: Annotated[timedelta, BeforeValidator(_interval)] = timedelta(hours=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: list[WatchedSource]


@dataclass(frozen=True, slots=True)
class WatchState:
    """What the last round brought: when it was, how many articles came and failed, and the first error."""

    checked: datetime
    new: int = 0
    changed: int = 0
    failed: int = 0
    error: str | None = None


def load_watched(file: Path) -> list[WatchedSource]:
    """The sources that a file lists.

    Raises:
        SettingsError: It cannot be read, or a source in it is wrong; names which.
    """
    try:
        return _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).source
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{file} cannot be read: {exc}") from exc
    except tomllib.TOMLDecodeError as exc:
        raise SettingsError(f"{file} is not valid TOML: {exc}") from exc
    except ValidationError as exc:
        where = ".".join(str(part) for part in exc.errors()[0]["loc"])
        raise SettingsError(f"{file}: {where}: {exc.errors()[0]['msg']}") from exc


def watch_states(store: ArticleStore) -> dict[str, WatchState]:
    """The state of each source that was ever watched, by its URL."""
    stored: Mapping[str, Any] = store.setting(_STATE) or {}
    return {
        url: WatchState(**{**state, "checked": datetime.fromisoformat(state["checked"])})
        for url, state in stored.items()
    }


def watch(
    store: ArticleStore,
    ingester: Ingester,
    fetcher: Fetcher,
    watched: Sequence[WatchedSource],
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[list[Result]]:
    """Look at each source when it is due, for ever; yields what each look brought, unchanged articles apart.

    When a source was last looked at is kept in the store, so a restart neither repeats nor skips a look. A
    source that fails does not hold up the others.
    """
    while True:
        states = watch_states(store)
        due = {source.url: _due(source, states) for source in watched}
        source = min(watched, key=lambda one: due[one.url])
        sleep(max(0.0, (due[source.url] - datetime.now(UTC)).total_seconds()))
        results = list(ingester.add(_found(source, fetcher), only_due=True))
        if (folder := Path(source.url)).is_dir():
            _note_gone_files(store, folder)
        store.keep_setting(_STATE, {**_plain(states), **_plain({source.url: _state(results)})})
        yield [result for result in results if result.outcome is not IngestOutcome.UNCHANGED]


def _due(source: WatchedSource, states: Mapping[str, WatchState]) -> datetime:
    state = states.get(source.url)
    if state is None:
        return datetime.min.replace(tzinfo=UTC)
    return min(state.checked, datetime.now(UTC)) + source.interval  # the clock may have been set back


def _found(source: WatchedSource, fetcher: Fetcher) -> Iterator[Source]:
    for found in find_sources([source.url], fetcher):
        entry = found.entry or Entry(found.url)
        yield replace(found, entry=replace(entry, publisher=source.publisher, language=source.language or ""))


def _note_gone_files(store: ArticleStore, folder: Path) -> None:
    """Mark the stored files of a folder that are no longer in it."""
    there = {source.url for source in find_sources([str(folder)])}
    beginning = folder.resolve().as_uri() + "/"
    for row in store.ledger.rows():
        if row.url.startswith(beginning) and row.url not in there:
            store.ledger.gone(row.url)


def _state(results: Sequence[Result]) -> WatchState:
    counts = Counter(result.outcome for result in results)
    error = next((result.reason for result in results if result.reason), None)
    return WatchState(
        datetime.now(UTC),
        counts[IngestOutcome.NEW],
        counts[IngestOutcome.CHANGED],
        counts[IngestOutcome.FAILED],
        error,
    )


def _plain(states: Mapping[str, WatchState]) -> dict[str, Any]:
    """As JSON types."""
    return {
        url: {
            "checked": state.checked.isoformat(),
            "new": state.new,
            "changed": state.changed,
            "failed": state.failed,
            "error": state.error,
        }
        for url, state in states.items()
    }
