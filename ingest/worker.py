"""Works off the queue: embeds the articles that wait there, and stores them with their story."""

import time
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace

import numpy as np

from assistant.core.archive import Archive, Drift
from assistant.core.articles import ArticleStore
from assistant.core.client import chat_health
from assistant.core.embedding import Embedder, FloatArray
from assistant.core.errors import AssistantError, IndexUnavailable, ServiceError
from assistant.core.index import chat_url
from assistant.core.queue import Queued
from assistant.core.records import Article, Passage
from assistant.core.rows import EmbeddedPassage
from assistant.core.settings import Settings
from ingest.chunk import chunk, embedded_text, sentence_text
from ingest.stories import membership

_CLAIMED = 16
"""Articles claimed at once; their texts are sorted by length together."""
_TEXTS = 4
"""Texts embedded before questions may go first. On two cores larger batches are no faster: texts of like length, less padding."""
_LOOK_EVERY_S = 0.2
"""Seconds between two looks at a queue that a chat works off."""


class Worker:
    """Embeds and stores queued articles.

    ``give_way`` is called before each batch of texts; it may wait until no question is being answered.
    """

    def __init__(
        self, store: ArticleStore, embedder: Embedder, give_way: Callable[[], None] = lambda: None
    ) -> None:
        self._store, self._embedder, self._give_way = store, embedder, give_way

    def work(self) -> int:
        """Store the oldest articles in the queue; returns how many were taken up, 0 if none could be claimed.

        Raises:
            ServiceError: The store or a model is unusable; the articles stay in the queue.
            SettingsError: Another process has rebuilt the archive under other settings; the same.
        """
        self._store.require_current()
        claimed = self._store.queue.claim(_CLAIMED)
        changing = {queued.article.id for queued in claimed}
        try:
            self._store_all([queued for queued in claimed if not self._is_copy(queued, changing)])
        except AssistantError:
            self._store.queue.release(claimed)
            raise
        return len(claimed)

    def embed(self, articles: Sequence[Article]) -> list[list[EmbeddedPassage]]:
        """The passages of each article with their vectors."""
        each = [(article, chunk(article, self._embedder)) for article in articles]
        vectors = iter(
            self._vectors([t for article, passages in each for p in passages for t in texts_of(article, p)])
        )
        return [
            [
                EmbeddedPassage(p, next(vectors), np.stack([next(vectors) for _ in p.sentences]))
                for p in passages
            ]
            for _, passages in each
        ]

    def _vectors(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, shape (texts, dimensions); texts that recur are embedded once, neighbours are of like length."""
        unique = sorted(set(texts), key=len)
        found: dict[str, FloatArray] = {}
        for at in range(0, len(unique), _TEXTS):
            self._give_way()
            batch = unique[at : at + _TEXTS]
            found.update(zip(batch, self._embedder.passages(batch), strict=True))
        return np.array([found[text] for text in texts])

    def _store_all(self, batch: Sequence[Queued]) -> None:
        """Embed and store articles together or, if that fails, one by one, noting which one fails."""
        try:
            embedded = self.embed([queued.article for queued in batch])
            for queued, passages in zip(batch, embedded, strict=True):
                self._save(queued, passages)
        except AssistantError:
            raise
        except Exception as exc:
            if len(batch) == 1:
                self._store.note_failed(batch[0], f"Unexpected {type(exc).__name__}: {exc}")
                return
            for queued in batch:
                self._store_all([queued])

    def _save(self, queued: Queued, passages: Sequence[EmbeddedPassage]) -> None:
        if self._is_copy(queued):
            return  # of an article stored a moment ago
        story = membership(queued.article, passages, self._store)
        article = replace(queued.article, story_id=story.story_id, relation=story.relation)
        self._store.save(replace(queued, article=article), passages)

    def _is_copy(self, queued: Queued, changing: Set[str] = frozenset()) -> bool:
        """Whether another article, but for those that are changing, has this text or is this page; then that is recorded."""
        twin = self._store.twin(queued)
        if twin is None or twin in changing:
            return False
        self._store.note_duplicate(queued, twin)
        return True


class SharedWorker:
    """For a command that adds articles: leaves the work to a running chat, and does it itself where there is none."""

    def __init__(self, settings: Settings, store: ArticleStore) -> None:
        self._settings, self._store = settings, store
        self._archive: Archive | None = None

    def work(self) -> int:
        """Let a step of the work be done; returns how many articles were taken up here.

        Raises:
            ServiceError: The work cannot be done, here or by the chat; the articles stay in the queue.
        """
        if self._archive is None and (url := self._chat()):
            health = chat_health(url)
            if health and health["error"]:
                raise ServiceError(f"The chat at {url} cannot store what is added: {health['error']}")
            time.sleep(_LOOK_EVERY_S)
            return 0
        return self._work_here(self._opened())

    def finish(self) -> Drift | None:
        """Bring the index up to date, with what a command that was cut short has left, too.

        Returns how far it is from the store, if it is; None where a chat sees to that, or nothing was to be done.

        Raises:
            IndexUnavailable: The index cannot be reached; what was read is stored.
        """
        counts = self._store.counts()
        if self._archive is None and (self._chat() or not counts["waiting"] + counts["pending"]):
            return None
        archive = self._opened()
        while self._work_here(archive):
            pass
        try:
            archive.synchronise()
            return archive.drift()
        except IndexUnavailable as exc:
            raise IndexUnavailable(
                f"{exc}\nWhat was read is stored; a running chat, or the next command that adds articles, puts it into the index."
            ) from exc

    def close(self) -> None:
        """Release files and connections."""
        if self._archive:
            self._archive.close()

    def _opened(self) -> Archive:
        self._archive = self._archive or Archive.open(self._settings, share_index=True)
        return self._archive

    @staticmethod
    def _work_here(archive: Archive) -> int:
        return Worker(archive.store, archive.embedder).work()

    def _chat(self) -> str:
        """The address of the chat that holds the index; a server's index is held by nobody."""
        return "" if self._settings.index.url else chat_url(self._settings.index_dir)


def texts_of(article: Article, passage: Passage) -> Iterator[str]:
    """What is embedded of a passage: itself, then each of its sentences."""
    yield embedded_text(article, passage)
    yield from (sentence_text(article, span) for span in passage.sentences)
