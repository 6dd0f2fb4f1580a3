"""The archive: article store, embedder and index, opened together and kept in sync."""

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Self

from assistant.core import lexical
from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import AssistantError, IndexLocked
from assistant.core.index import Fingerprint, VectorIndex, open_index
from assistant.core.logs import LOG
from assistant.core.priority import QuestionsFirst
from assistant.core.settings import Settings
from assistant.core.storage import on_disk

CHUNKER = "6"
"""Version of how passages are cut, read and stored; part of the fingerprint."""

log = logging.getLogger(LOG)


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the store and the index had diverged, in passages."""

    missing: frozenset[str]
    surplus: frozenset[str]

    def __bool__(self) -> bool:
        """Whether they differ."""
        return bool(self.missing or self.surplus)

    def __str__(self) -> str:
        """As a sentence."""
        return f"{len(self.missing)} passages are missing from the index and {len(self.surplus)} are surplus"


@dataclass(frozen=True, slots=True)
class IndexState:
    """Index sync state: articles and changes not yet in the index, the last error, the time of the last successful sync."""

    pending: int
    error: str | None
    flushed: datetime | None

    @property
    def is_ok(self) -> bool:
        """Whether the last sync succeeded."""
        return self.error is None


class Archive:
    """Store, embedder and index.

    If the index is shared, ``index`` is None: it is opened only for the duration of a sync, unless a running
    chat holds it.
    """

    def __init__(
        self,
        store: ArticleStore,
        embedder: Embedder,
        index: VectorIndex | None,
        fingerprint: Fingerprint,
        borrow: Callable[[], VectorIndex] | None = None,
    ) -> None:
        self.store, self.embedder, self.index, self.fingerprint = store, embedder, index, fingerprint
        self._borrow = borrow
        self.questions = QuestionsFirst()
        self._following = Lock()
        self._error: str | None = None
        self._flushed: datetime | None = None

    @classmethod
    def open(cls, settings: Settings, *, share_index: bool = False, check: bool = True) -> Self:
        """Open everything the settings name.

        Args:
            settings: All settings.
            share_index: Open the index only for the duration of a sync, leaving it to a running chat that
                holds it.
            check: Refuse vectors made under other settings; only ``rebuild`` turns this off.

        Raises:
            ServiceError: A component cannot be opened or reached.
            SettingsError: The archive was made under other settings.
        """
        store = open_store(settings)
        embedder = Embedder(settings.embedder, settings.weights_dir)
        fingerprint = Fingerprint(embedder.identity, CHUNKER)
        if check:
            store.require_fingerprint(fingerprint)
        store.refresh_terms(lexical.version())

        def index() -> VectorIndex:
            return open_index(settings, fingerprint, check=check)

        return cls(store, embedder, None if share_index else index(), fingerprint, index)

    def require_index(self) -> VectorIndex:
        """The index.

        Raises:
            IndexLocked: The index is shared.
        """
        if self.index is None:
            raise IndexLocked("The index is shared: here it is opened only to synchronise it.")
        return self.index

    def synchronise(self) -> int:
        """Bring the index up to date with the store.

        A damaged index is reopened and reconciled with the store, with a warning in the log. Returns the
        number of articles changed in the index, 0 if that is left to a running chat.

        Raises:
            ServiceError: The store or the index failed; ``state`` keeps the reason.
            SettingsError: Another process has rebuilt the archive under other settings.
        """
        with self._following:
            if self.index is None:
                return self._synchronise_borrowed()
            try:
                if self.index.is_damaged:
                    self._mend(self.index)
                changed = self.store.synchronise(self.index)
            except AssistantError as exc:
                self._error = str(exc)
                raise
            self._error, self._flushed = None, datetime.now(UTC)
            return changed

    def reconcile(self) -> Drift:
        """Compare the index with the store passage by passage and repair it.

        Raises:
            IndexLocked: The index is shared.
        """
        index = self.require_index()
        with self._following:
            return self._reconciled(index)

    def drift(self) -> Drift | None:
        """How far index and store are apart once the index has followed; None while another process holds the index.

        Raises:
            ServiceError: The store or the index fails.
        """
        if self.index:
            return self._drift(self.index)
        try:
            borrowed = self._borrow() if self._borrow else None
        except IndexLocked:
            return None
        if borrowed is None:
            return None
        with closing(borrowed):
            self.store.synchronise(borrowed)
            return self._drift(borrowed)

    def note_error(self, error: str) -> None:
        """Show in ``state`` why new articles cannot be stored, until the next successful sync."""
        self._error = error

    def state(self) -> IndexState:
        """The current sync state."""
        counts = self.store.counts()
        return IndexState(counts["waiting"] + counts["pending"], self._error, self._flushed)

    def close(self) -> None:
        """Release files and connections."""
        if self.index:
            self.index.close()
        self.store.close()

    def _synchronise_borrowed(self) -> int:
        if self._borrow is None or not self.store.counts()["pending"]:
            return 0
        try:
            index = self._borrow()
        except IndexLocked:
            return 0  # whoever holds it will sync it
        with closing(index):
            if index.is_damaged:
                self._reconciled(index)
            return self.store.synchronise(index)

    def _mend(self, index: VectorIndex) -> None:
        index.reopen()
        drift = self._reconciled(index)
        log.warning(
            "The index was damaged; reopened and repaired it (%s passages missing, %s surplus).",
            len(drift.missing),
            len(drift.surplus),
        )

    def _reconciled(self, index: VectorIndex) -> Drift:
        self.store.synchronise(index)
        drift = self._drift(index)
        self.store.enqueue({passage_id.rpartition(":")[0] for passage_id in drift.missing | drift.surplus})
        self.store.synchronise(index)
        return drift

    def _drift(self, index: VectorIndex) -> Drift:
        wanted, found = self.store.passage_ids(), set(index.passage_ids())
        return Drift(frozenset(wanted - found), frozenset(found - wanted))


def open_store(settings: Settings) -> ArticleStore:
    """The article store the settings name; its folder is created if missing.

    Raises:
        ServiceError: It cannot be opened or reached.
    """
    with on_disk(settings.data_dir.resolve().parent):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    return ArticleStore(settings.database_url)
