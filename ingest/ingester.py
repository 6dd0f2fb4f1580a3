"""Ingests sources into the archive: read, decode, extract, queue; a worker embeds and stores what is in the queue."""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from multiprocessing import get_context
from queue import SimpleQueue
from threading import Event, Thread
from typing import Self, TypeVar

from assistant.core.archive import Archive
from assistant.core.articles import ArticleStore
from assistant.core.errors import AssistantError, IngestError
from assistant.core.ledger import LedgerRow, SourceState
from assistant.core.queue import Queued
from assistant.core.records import Article
from ingest.extract import extract
from ingest.fetch import Fetched, Fetcher, Gone
from ingest.formats import Document, read_document
from ingest.sources import Source, read_source
from ingest.stories import text_digest
from ingest.worker import Worker

_T = TypeVar("_T")
_MUCH_MORE = 1.5
"""Times the text of a page that a feed has of it, from which the page is taken for a beginning or a notice."""
_POLL_S = 0.1
"""Seconds between two looks at articles that another process has claimed."""


class IngestOutcome(StrEnum):
    """What became of a source."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """One source's outcome; ``reason`` is set if it failed."""

    source: Source
    outcome: IngestOutcome
    passages: int = 0
    article: Article | None = field(default=None, repr=False)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A source whose text is being extracted; ``known`` is its ledger row from before."""

    source: Source
    fetched: Fetched
    digest: str
    known: LedgerRow | None
    article: Future[Article]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A source whose article is in the queue."""

    source: Source
    known: LedgerRow | None
    queued: Queued


_Found = Result | _Waiting | Exception | None
"""What the reading thread reports; None at its end."""


class Ingester:
    """Adds sources to a store's queue and sees them through; the index follows by ``Archive.synchronise``."""

    def __init__(
        self,
        store: ArticleStore,
        work: Callable[[], int],
        fetcher: Fetcher | None = None,
        *,
        workers: int = 1,
    ) -> None:
        """Set up an ingester.

        Args:
            store: The archive's store.
            work: Does a step of a worker's work, or waits for another process to do one.
            fetcher: For web addresses.
            workers: Processes that extract articles.
        """
        self._store, self._work, self._fetcher, self._workers = store, work, fetcher, workers

    @classmethod
    def of(cls, archive: Archive, fetcher: Fetcher | None = None) -> Self:
        """An ingester that embeds with the archive's own embedder."""
        return cls(archive.store, Worker(archive.store, archive.embedder).work, fetcher)

    def add(self, sources: Iterable[Source], *, only_due: bool = False) -> Iterator[Result]:
        """Ingest sources; yields each one's result as soon as it is there, unchanged and failed ones first.

        A source that fails does not stop the others; one that is named twice is read once. With ``only_due`` a
        source that failed is left alone until it is due again. Sources are read ahead while articles are
        embedded; what was read stays in the queue if the work ends early.

        Raises:
            ServiceError: The store or a model is unusable; nothing more can be ingested.
        """
        found: SimpleQueue[_Found] = SimpleQueue()
        ended = Event()
        reading = Thread(target=self._read_all, args=(sources, only_due, found, ended), daemon=True)
        reading.start()
        try:
            yield from self._results(found)
        finally:
            ended.set()
            reading.join()

    def _results(self, found: SimpleQueue[_Found]) -> Iterator[Result]:
        waiting: dict[int, _Waiting] = {}
        is_reading = True
        while is_reading or waiting:
            while is_reading and (not waiting or not found.empty()):
                one = found.get()
                if isinstance(one, Exception):
                    raise one
                if isinstance(one, Result):
                    yield one
                elif one:
                    waiting[one.queued.number] = one
                else:
                    is_reading = False
            if waiting:
                if not self._work():
                    time.sleep(_POLL_S)
                for number in sorted(waiting.keys() - self._store.queue.left(waiting)):
                    yield self._result(waiting.pop(number))

    def _result(self, done: _Waiting) -> Result:
        article, row = done.queued.article, self._store.ledger.row(done.source.url)
        if row is None:
            return Result(done.source, IngestOutcome.FAILED, reason="It was removed before it was stored.")
        if row.state is SourceState.FAILED:
            return Result(done.source, IngestOutcome.FAILED, reason=row.error)
        if row.article_id != article.id:
            return Result(done.source, IngestOutcome.DUPLICATE, article=article)
        is_changed = done.known is not None and done.known.article_id == article.id
        outcome = IngestOutcome.CHANGED if is_changed else IngestOutcome.NEW
        return Result(done.source, outcome, self._store.n_passages(article.id), article)

    def _read_all(
        self, sources: Iterable[Source], only_due: bool, found: SimpleQueue[_Found], ended: Event
    ) -> None:
        """Read sources and put their articles into the queue, in order; reports each to ``found``."""
        try:
            with self._extractors() as pool:
                ahead: deque[Result | _Read] = deque()
                for source in self._wanted(sources, only_due):
                    if ended.is_set():
                        break
                    ahead.append(self._tried(source, partial(self._read, source, pool, ahead)))
                    if len(ahead) > 2 * self._workers:
                        found.put(self._queued(ahead.popleft()))
                for one in ahead:
                    found.put(self._queued(one))
        except Exception as exc:  # for the thread that waits for the results
            found.put(exc)
        finally:
            found.put(None)

    def _extractors(self) -> Executor:
        if self._workers == 1:
            return ThreadPoolExecutor(1)
        return ProcessPoolExecutor(self._workers, get_context("forkserver"))

    def _wanted(self, sources: Iterable[Source], only_due: bool) -> Iterator[Source]:
        seen: set[str] = set()
        for source in sources:
            known = self._store.ledger.row(source.url) if only_due else None
            if source.url not in seen and (known is None or known.is_due(datetime.now(UTC))):
                seen.add(source.url)
                yield source

    def _read(self, source: Source, pool: Executor, ahead: Iterable[Result | _Read]) -> Result | _Read:
        known = self._store.ledger.row(source.url)
        validators = (known.etag, known.last_modified) if known else (None, None)
        fetched = read_source(source, self._fetcher, validators)
        if fetched.raw is None:
            return Result(source, IngestOutcome.UNCHANGED)
        digest = hashlib.sha256(fetched.raw).hexdigest()
        if known and known.source_digest == digest and self._is_settled(known, ahead):
            return Result(source, IngestOutcome.UNCHANGED)
        return _Read(source, fetched, digest, known, pool.submit(_extracted, source, fetched))

    def _is_settled(self, known: LedgerRow, ahead: Iterable[Result | _Read]) -> bool:
        """Whether a source is stored, and its article does not change: no other text of it is on its way."""
        changing = {one.known.article_id for one in ahead if isinstance(one, _Read) and one.known}
        return (
            known.state is SourceState.STORED
            and known.article_id not in changing
            and not self._store.queue.holds(known.article_id or "")
        )

    def _queued(self, read: Result | _Read) -> Result | _Waiting:
        return read if isinstance(read, Result) else self._tried(read.source, partial(self._put, read))

    def _put(self, read: _Read) -> _Waiting:
        article = read.article.result()
        validators = (read.fetched.etag, read.fetched.last_modified)
        queued = Queued(article, text_digest(article.text), read.digest, validators)
        number = self._store.queue.put(queued)
        return _Waiting(read.source, read.known, replace(queued, number=number))

    def _tried(self, source: Source, step: Callable[[], _T]) -> _T | Result:
        """What a step returns or, if the source is at fault, its failure, which the ledger then holds."""
        try:
            return step()
        except Gone as exc:
            self._store.ledger.gone(source.url)
            return Result(source, IngestOutcome.FAILED, reason=str(exc))
        except IngestError as exc:
            reason = str(exc)
        except AssistantError:
            raise
        except Exception as exc:
            reason = f"Unexpected {type(exc).__name__}: {exc}"
        self._store.ledger.failed(source.url, reason)
        return Result(source, IngestOutcome.FAILED, reason=reason)


def _extracted(source: Source, fetched: Fetched) -> Article:
    """The article of a source's content, or of the feed where that has more of it; may run in a process of its own."""
    raw, entry = fetched.raw or b"", source.entry
    from_feed = _document_or_none(entry.page, source.url) if entry and entry.page else None
    try:
        document = read_document(raw, fetched.url, fetched.charset)
    except IngestError:
        if from_feed is None:
            raise
        document = from_feed
    if from_feed and len(from_feed.text) > _MUCH_MORE * len(document.text):
        document = replace(document, text=from_feed.text)
    return extract(document, source.url, entry)


def _document_or_none(page: bytes, url: str) -> Document | None:
    try:
        return read_document(page, url, "utf-8")
    except IngestError:
        return None
