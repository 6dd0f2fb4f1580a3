"""The in-process index: Qdrant Edge in a folder, held by one process at a time."""

import contextlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

import qdrant_edge as qe

from assistant.core.embedding import FloatArray
from assistant.core.errors import AssistantError, IndexUnavailable, StorageUnavailable
from assistant.core.index.interface import DENSE, LEXICAL, Fingerprint, IndexPoint, ScoredPassage, day_number
from assistant.core.index.lock import WAIT_S, IndexLock
from assistant.core.languages import Language
from assistant.core.lexical import SparseVector
from assistant.core.records import Filters
from assistant.core.storage import on_disk, problem, reserve

_PAGE = 1000
_NEW_FILES = 4 * 32 * 2**20
"""Bytes of the files the engine may create at a time: two log files, one of vectors, one of payloads."""


class EdgeIndex:
    """``VectorIndex`` on Qdrant Edge."""

    def __init__(self, folder: Path, fingerprint: Fingerprint, *, wait_s: float = WAIT_S) -> None:
        """Open the folder or create it; one with another fingerprint is emptied, and counts as damaged.

        Raises:
            IndexLocked: Another process still holds it after ``wait_s`` seconds, or a chat holds it.
            IndexUnavailable: It cannot be read or written.
            StorageUnavailable: Its disk is full or read-only.
        """
        self._folder, self._fingerprint = folder, fingerprint
        self._using = RLock()  # a shard cannot be searched while it is being reopened
        self.is_damaged = False
        with on_disk(folder.parent):
            self._lock = IndexLock(folder, wait_s)
        try:
            self._shard = self._open()
        except BaseException:
            self._lock.release()
            raise

    def reopen(self) -> None:  # noqa: D102 - as in VectorIndex, here and below
        with self._using:
            # Edge raises nothing more specific, and a damaged shard may fail to close
            with contextlib.suppress(Exception):
                self._shard.close()
            try:
                self._shard = self._open()
            except IndexUnavailable:
                (self._folder / "fingerprint.json").unlink(missing_ok=True)
                self._shard = self._open()
            self.is_damaged = False

    def publish(self) -> None:
        """Do nothing: the folder holds one index."""

    def announce(self, url: str) -> None:
        """Tell other processes the address of the chat that holds this index."""
        self._lock.announce(url)

    def upsert(self, points: Sequence[IndexPoint]) -> None:  # noqa: D102
        if not points:
            return
        with self._errors():
            reserve(self._folder, _NEW_FILES)
            self._shard.update(qe.UpdateOperation.upsert_points([_point(p) for p in points]))
            self._shard.flush()

    def delete(self, article_ids: Sequence[str], keep: Sequence[str] = ()) -> None:  # noqa: D102
        if not article_ids:
            return
        theirs = qe.FieldCondition(key="article_id", match=qe.MatchAny(list(article_ids)))
        kept = qe.FieldCondition(key="passage_id", match=qe.MatchAny(list(keep)))
        selected = qe.Filter(must=[theirs], must_not=[kept] if keep else None)
        with self._errors():
            reserve(self._folder, _NEW_FILES)
            self._shard.update(qe.UpdateOperation.delete_points_by_filter(selected))
            self._shard.flush()

    def dense(  # noqa: D102
        self, vector: FloatArray, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        return self._search(qe.Query.Nearest(vector.tolist(), using=DENSE), language, filters, limit, None)

    def lexical(  # noqa: D102
        self, vector: SparseVector, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        if not vector.indices:
            return []
        query = qe.Query.Nearest(qe.SparseVector(list(vector.indices), list(vector.values)), using=LEXICAL)
        corpus = qe.SearchParams(idf=qe.IdfParams(corpus=qe.Filter(must=[_is_language(language)])))
        return self._search(query, language, filters, limit, corpus)

    def passage_ids(self) -> Iterator[str]:  # noqa: D102
        offset = None
        while True:
            with self._errors():
                records, offset = self._shard.scroll(
                    qe.ScrollRequest(offset=offset, limit=_PAGE, with_payload=True)
                )
            yield from (record.payload["passage_id"] for record in records)
            if offset is None:
                return

    def count(self) -> int:  # noqa: D102
        with self._errors():
            return int(self._shard.count(qe.CountRequest(exact=True)))

    def close(self) -> None:  # noqa: D102
        with self._using:
            self._shard.close()
            self._lock.release()

    def _open(self) -> Any:
        note = self._folder / "fingerprint.json"
        shard = self._folder / "shard"
        with self._errors():
            reserve(self._folder, _NEW_FILES)
            if note.exists():
                if json.loads(note.read_text(encoding="utf-8")) == self._fingerprint.to_json():
                    return qe.EdgeShard.load(str(shard))
                note.unlink()
                self.is_damaged = True
            # A folder without the note was left by a crash during creation, or just rejected: the archive has
            # everything in it.
            shutil.rmtree(shard, ignore_errors=True)
            shard.mkdir(parents=True)
            opened = qe.EdgeShard.create(str(shard), _config(self._fingerprint.embedder.dimensions))
            for field in ("article_id", "passage_id", "language", "publisher"):
                opened.update(qe.UpdateOperation.create_field_index(field, qe.PayloadSchemaType.Keyword))
            opened.update(qe.UpdateOperation.create_field_index("published", qe.PayloadSchemaType.Integer))
            opened.flush()
            note.write_text(json.dumps(self._fingerprint.to_json(), ensure_ascii=False), encoding="utf-8")
            return opened

    def _search(
        self, query: Any, language: Language, filters: Filters, limit: int, params: Any
    ) -> list[ScoredPassage]:
        request = qe.QueryRequest(
            limit=limit,
            query=query,
            filter=_filter(language, filters),
            params=params,
            with_payload=["passage_id"],
        )
        with self._errors():
            return [
                ScoredPassage(point.payload["passage_id"], point.score)
                for point in self._shard.query(request)
            ]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            with self._using:
                yield
        except AssistantError:
            raise
        except Exception as exc:  # Edge raises nothing more specific
            if isinstance(exc, OSError) or problem(self._folder):
                raise StorageUnavailable(
                    problem(self._folder, _NEW_FILES) or f"{self._folder}: {exc}"
                ) from exc
            self.is_damaged = True
            raise IndexUnavailable(
                f"The index in {self._folder} cannot be used: {exc}\n"
                "The articles are kept elsewhere: remove that folder and run: python -m ingest reconcile"
            ) from exc


def _config(dimensions: int) -> Any:
    return qe.EdgeConfig(
        vectors={DENSE: qe.EdgeVectorParams(size=dimensions, distance=qe.Distance.Cosine)},
        sparse_vectors={LEXICAL: qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
    )


def _point(point: IndexPoint) -> Any:
    sparse = qe.SparseVector(list(point.lexical.indices), list(point.lexical.values))
    return qe.Point(point.point_id, {DENSE: point.dense.tolist(), LEXICAL: sparse}, point.payload)


def _is_language(language: Language) -> Any:
    return qe.FieldCondition(key="language", match=qe.MatchValue(str(language)))


def _filter(language: Language, filters: Filters) -> Any:
    must = [_is_language(language)]
    if filters.publishers:
        must.append(qe.FieldCondition(key="publisher", match=qe.MatchAny(list(filters.publishers))))
    if filters.since or filters.until:
        days = qe.RangeFloat(
            gte=float(day_number(filters.since)) if filters.since else None,
            lte=float(day_number(filters.until)) if filters.until else None,
        )
        must.append(qe.FieldCondition(key="published", range=days))
    return qe.Filter(must=must)
