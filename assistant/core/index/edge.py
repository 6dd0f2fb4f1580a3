"""The index in process: Qdrant Edge in a folder. One process at a time may hold it."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import qdrant_edge as qe

from assistant.core.embedding import FloatArray
from assistant.core.errors import AssistantError, IndexLocked, IndexUnavailable
from assistant.core.index.interface import DENSE, LEXICAL, Fingerprint, IndexPoint, ScoredPassage, day_number
from assistant.core.lexical import SparseVector
from assistant.core.records import Filters
from assistant.core.text import Language

_PAGE = 1000


class EdgeIndex:
    """``VectorIndex`` on Qdrant Edge."""

    def __init__(self, folder: Path, fingerprint: Fingerprint, *, check: bool = True) -> None:
        """Open the folder, or make it; without ``check`` one of another fingerprint is emptied.

        Raises:
            IndexLocked: Another process holds it.
            IndexUnavailable: It cannot be read or written.
            SettingsError: It was made under another fingerprint.
        """
        self._folder, self._fingerprint = folder, fingerprint
        self._shard = self._open(check=check)

    def upsert(self, points: Sequence[IndexPoint]) -> None:  # noqa: D102 - as in VectorIndex, here and below
        if not points:
            return
        with self._errors():
            self._shard.update(qe.UpdateOperation.upsert_points([_point(p) for p in points]))
            self._shard.flush()

    def delete(self, article_ids: Sequence[str], keep: Sequence[str] = ()) -> None:  # noqa: D102
        if not article_ids:
            return
        theirs = qe.FieldCondition(key="article_id", match=qe.MatchAny(list(article_ids)))
        kept = qe.FieldCondition(key="passage_id", match=qe.MatchAny(list(keep)))
        selected = qe.Filter(must=[theirs], must_not=[kept] if keep else None)
        with self._errors():
            self._shard.update(qe.UpdateOperation.delete_points_by_filter(selected))
            self._shard.flush()

    def dense(self, vector: FloatArray, language: Language, filters: Filters, limit: int) -> list[ScoredPassage]:  # noqa: D102
        return self._search(qe.Query.Nearest(vector.tolist(), using=DENSE), language, filters, limit, None)

    def lexical(self, vector: SparseVector, language: Language, filters: Filters, limit: int) -> list[ScoredPassage]:  # noqa: D102
        if not vector.indices:
            return []
        query = qe.Query.Nearest(qe.SparseVector(list(vector.indices), list(vector.values)), using=LEXICAL)
        corpus = qe.SearchParams(idf=qe.IdfParams(corpus=qe.Filter(must=[_is_language(language)])))
        return self._search(query, language, filters, limit, corpus)

    def passage_ids(self) -> Iterator[str]:  # noqa: D102
        offset = None
        while True:
            with self._errors():
                records, offset = self._shard.scroll(qe.ScrollRequest(offset=offset, limit=_PAGE, with_payload=True))
            yield from (record.payload["passage_id"] for record in records)
            if offset is None:
                return

    def count(self) -> int:  # noqa: D102
        with self._errors():
            return int(self._shard.count(qe.CountRequest(exact=True)))

    def close(self) -> None:  # noqa: D102
        self._shard.close()

    def _open(self, *, check: bool = True) -> Any:
        note = self._folder / "fingerprint.json"
        shard = self._folder / "shard"
        with self._errors():
            if note.exists():
                stored = json.loads(note.read_text(encoding="utf-8"))
                if check:
                    self._fingerprint.require(stored, f"The index in {self._folder}")
                opened = qe.EdgeShard.load(str(shard))
                if stored == self._fingerprint.to_json():
                    return opened
                opened.close()
                note.unlink()
            # Without its note the folder is what a crash left of a first start: nothing in it that the archive lacks.
            shutil.rmtree(shard, ignore_errors=True)
            shard.mkdir(parents=True)
            opened = qe.EdgeShard.create(str(shard), _config(self._fingerprint.embedder.dimensions))
            for field in ("article_id", "passage_id", "language", "publisher"):
                opened.update(qe.UpdateOperation.create_field_index(field, qe.PayloadSchemaType.Keyword))
            opened.update(qe.UpdateOperation.create_field_index("published", qe.PayloadSchemaType.Integer))
            opened.flush()
            note.write_text(json.dumps(self._fingerprint.to_json(), ensure_ascii=False), encoding="utf-8")
            return opened

    def _search(self, query: Any, language: Language, filters: Filters, limit: int, params: Any) -> list[ScoredPassage]:
        request = qe.QueryRequest(
            limit=limit, query=query, filter=_filter(language, filters), params=params, with_payload=["passage_id"]
        )
        with self._errors():
            return [ScoredPassage(point.payload["passage_id"], point.score) for point in self._shard.query(request)]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except AssistantError:
            raise
        except Exception as exc:  # Edge raises nothing more specific
            if "WouldBlock" in str(exc):
                raise IndexLocked(
                    f"The index in {self._folder} is in use by another process, most likely a running chat. Stop that one first."
                ) from exc
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
