"""The index on a Qdrant server or cluster, via qdrant-client."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from assistant.core.embedding import FloatArray
from assistant.core.errors import IndexUnavailable
from assistant.core.index.interface import DENSE, LEXICAL, Fingerprint, IndexPoint, ScoredPassage, day_number
from assistant.core.languages import Language
from assistant.core.lexical import SparseVector
from assistant.core.records import Filters
from assistant.core.settings import IndexSettings

_PAGE = 1000
_BATCH = 256
_RETRYING = Retrying(
    retry=retry_if_exception_type(ResponseHandlingException),
    stop=stop_after_attempt(4),
    wait=wait_exponential(0.5, max=4),
    reraise=True,
)
"""For writes, which may be repeated: a server that does not answer is asked again for some five seconds."""


class ServerIndex:
    """``VectorIndex`` on a Qdrant server: a collection per fingerprint, and an alias for the one that is searched.

    The fingerprint is stored as the collection's metadata.
    """

    is_damaged = False
    """A server repairs itself."""

    def __init__(
        self,
        client: QdrantClient,
        settings: IndexSettings,
        fingerprint: Fingerprint,
        *,
        check: bool = True,
    ) -> None:
        """Open the collection behind the alias that the settings name, or create it.

        Without ``check``, a collection for this fingerprint is opened or created beside one with another, which
        goes on being searched by other processes until ``publish``.

        Raises:
            IndexUnavailable: The server does not answer or refuses.
            SettingsError: The collection was made under another fingerprint.
        """
        self._client, self._alias, self._fingerprint = client, settings.collection, fingerprint
        self._settings = settings
        self._collection = f"{self._alias}-{fingerprint.digest()}"
        with self._errors():
            searched = self._searched()
            if searched and check:
                stored = client.get_collection(searched).config.metadata or {}
                fingerprint.require(stored, f"The collection {searched!r}")
                self._collection = searched
            elif not client.collection_exists(self._collection):
                self._create()
        if searched is None:
            self.publish()

    @classmethod
    def connect(cls, settings: IndexSettings, fingerprint: Fingerprint, *, check: bool = True) -> Self:
        """Open a collection on the server that the settings name; raises as the constructor does."""
        api_key = settings.api_key.get_secret_value() if settings.api_key else None
        client = QdrantClient(url=settings.url, api_key=api_key, timeout=30, check_compatibility=False)
        return cls(client, settings, fingerprint, check=check)

    def publish(self) -> None:
        """Let the alias name this collection, at one stroke; the one before is kept until the next time."""
        with self._errors():
            searched = self._searched()
            if searched == self._collection:
                return
            for old in self._client.get_collections().collections:
                if old.name.startswith(f"{self._alias}-") and old.name not in (searched, self._collection):
                    self._client.delete_collection(old.name)
            if searched == self._alias:  # made by a release that had no aliases
                self._client.delete_collection(searched)
            named = models.CreateAlias(collection_name=self._collection, alias_name=self._alias)
            self._client.update_collection_aliases([models.CreateAliasOperation(create_alias=named)])

    def reopen(self) -> None:
        """Do nothing: a server needs no reopening."""

    def announce(self, url: str) -> None:
        """Do nothing: a server's index is open to all processes."""

    def upsert(self, points: Sequence[IndexPoint]) -> None:  # noqa: D102 - as in VectorIndex, here and below
        with self._errors():
            for i in range(0, len(points), _BATCH):
                batch = [_point(p) for p in points[i : i + _BATCH]]
                _RETRYING(self._client.upsert, self._collection, batch, wait=True)

    def delete(self, article_ids: Sequence[str], keep: Sequence[str] = ()) -> None:  # noqa: D102
        if not article_ids:
            return
        theirs = models.FieldCondition(key="article_id", match=models.MatchAny(any=list(article_ids)))
        kept = models.FieldCondition(key="passage_id", match=models.MatchAny(any=list(keep)))
        selected = models.Filter(must=[theirs], must_not=[kept] if keep else None)
        with self._errors():
            _RETRYING(
                self._client.delete, self._collection, models.FilterSelector(filter=selected), wait=True
            )

    def dense(  # noqa: D102
        self, vector: FloatArray, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        return self._search(vector.tolist(), DENSE, _filter(language, filters), limit, None)

    def lexical(  # noqa: D102
        self, vector: SparseVector, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        if not vector.indices:
            return []
        corpus = models.SearchParams(
            idf=models.IdfCorpusParams(corpus=models.Filter(must=[_is_language(language)]))
        )
        return self._search(_sparse(vector), LEXICAL, _filter(language, filters), limit, corpus)

    def passage_ids(self) -> Iterator[str]:  # noqa: D102
        offset = None
        while True:
            with self._errors():
                records, offset = self._client.scroll(
                    self._collection,
                    limit=_PAGE,
                    offset=offset,
                    with_payload=["passage_id"],
                    with_vectors=False,
                )
            yield from (record.payload["passage_id"] for record in records if record.payload)
            if offset is None:
                return

    def count(self) -> int:  # noqa: D102
        with self._errors():
            return self._client.count(self._collection, exact=True).count

    def close(self) -> None:  # noqa: D102
        self._client.close()

    def _searched(self) -> str | None:
        """The collection that the alias names; None if there is none yet."""
        aliases = {one.alias_name: one.collection_name for one in self._client.get_aliases().aliases}
        if self._alias in aliases:
            return aliases[self._alias]
        return self._alias if self._client.collection_exists(self._alias) else None

    def _create(self) -> None:
        self._client.create_collection(
            self._collection,
            vectors_config={
                DENSE: models.VectorParams(
                    size=self._fingerprint.embedder.dimensions, distance=models.Distance.COSINE
                )
            },
            sparse_vectors_config={LEXICAL: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            shard_number=self._settings.shards,
            replication_factor=self._settings.replicas,
            metadata=self._fingerprint.to_json(),
        )
        schemas = {
            "article_id": models.PayloadSchemaType.KEYWORD,
            "passage_id": models.PayloadSchemaType.KEYWORD,
            "language": models.PayloadSchemaType.KEYWORD,
            "publisher": models.PayloadSchemaType.KEYWORD,
            "published": models.PayloadSchemaType.INTEGER,
        }
        for field, schema in schemas.items():
            self._client.create_payload_index(self._collection, field, schema)

    def _search(
        self,
        query: list[float] | models.SparseVector,
        using: str,
        query_filter: models.Filter,
        limit: int,
        params: models.SearchParams | None,
    ) -> list[ScoredPassage]:
        with self._errors():
            points = self._client.query_points(
                self._collection,
                query=query,
                using=using,
                query_filter=query_filter,
                limit=limit,
                search_params=params,
                with_payload=["passage_id"],
            ).points
        return [ScoredPassage(point.payload["passage_id"], point.score) for point in points if point.payload]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (ApiException, OSError) as exc:
            raise IndexUnavailable(
                f"The Qdrant server of collection {self._collection!r} does not answer as it should: {exc}\n"
                "Check NEWS_INDEX__URL and NEWS_INDEX__API_KEY, or start it with: docker compose up -d qdrant"
            ) from exc


def _point(point: IndexPoint) -> models.PointStruct:
    return models.PointStruct(
        id=point.point_id,
        vector={DENSE: point.dense.tolist(), LEXICAL: _sparse(point.lexical)},
        payload=point.payload,
    )


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _is_language(language: Language) -> models.FieldCondition:
    return models.FieldCondition(key="language", match=models.MatchValue(value=str(language)))


def _filter(language: Language, filters: Filters) -> models.Filter:
    must: list[models.Condition] = [_is_language(language)]
    if filters.publishers:
        must.append(
            models.FieldCondition(key="publisher", match=models.MatchAny(any=list(filters.publishers)))
        )
    if filters.since or filters.until:
        days = models.Range(
            gte=day_number(filters.since) if filters.since else None,
            lte=day_number(filters.until) if filters.until else None,
        )
        must.append(models.FieldCondition(key="published", range=days))
    return models.Filter(must=must)
