"""The archive as one thing: article store, embedder and index, opened together and kept in step."""

from dataclasses import dataclass
from threading import Lock
from typing import Self

from assistant.core import lexical
from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import IndexLocked, SettingsError
from assistant.core.index import Fingerprint, VectorIndex, open_index
from assistant.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Drift:
    """How far store and index were apart, in passages."""

    missing: int
    surplus: int


class Archive:
    """Store, embedder and index.

    ``index`` is None where another process holds the embedded one and will follow for us.
    """

    def __init__(self, store: ArticleStore, embedder: Embedder, index: VectorIndex | None, fingerprint: Fingerprint) -> None:
        self.store, self.embedder, self.index, self.fingerprint = store, embedder, index, fingerprint
        self._following = Lock()

    @classmethod
    def open(cls, settings: Settings, chunker: str, *, share_index: bool = False, check: bool = True) -> Self:
        """Open everything that the settings name; ``chunker`` is the version of the code that cuts passages.

        Args:
            settings: The tree.
            chunker: Part of the fingerprint.
            share_index: Go on without the index where another process holds it.
            check: Refuse vectors made under other settings; only ``rebuild`` goes on with them.

        Raises:
            ServiceError: A part cannot be opened or reached.
            SettingsError: The archive was made under other settings.
        """
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise SettingsError(
                f"The data folder {settings.data_dir} cannot be made: {exc.strerror}. Set NEWS_DATA_DIR to another."
            ) from exc
        store = ArticleStore(settings.database_url)
        embedder = Embedder(settings.embedder, settings.weights_dir)
        fingerprint = Fingerprint(embedder.identity, chunker, lexical.version())
        if check:
            store.require_fingerprint(fingerprint)
        try:
            index = open_index(settings, fingerprint, check=check)
        except IndexLocked:
            if not share_index:
                raise
            index = None
        return cls(store, embedder, index, fingerprint)

    def require_index(self) -> VectorIndex:
        """The index.

        Raises:
            IndexLocked: Another process holds it.
        """
        if self.index is None:
            raise IndexLocked("The index is held by another process, most likely a running chat. Stop that one first.")
        return self.index

    def synchronise(self) -> int:
        """Let the index follow the store; returns the articles that changed in it, 0 where another process will do it."""
        with self._following:
            return self.store.synchronise(self.index) if self.index else 0

    def reconcile(self) -> Drift:
        """Compare index and store passage by passage and mend the index.

        Raises:
            IndexLocked: Another process holds the embedded index.
        """
        index = self.require_index()
        self.synchronise()
        wanted, found = self.store.passage_ids(), set(index.passage_ids())
        missing, surplus = wanted - found, found - wanted
        self.store.enqueue({passage_id.rpartition(":")[0] for passage_id in missing | surplus})
        self.synchronise()
        return Drift(len(missing), len(surplus))

    def close(self) -> None:
        """Release files and connections."""
        if self.index:
            self.index.close()
        self.store.close()
