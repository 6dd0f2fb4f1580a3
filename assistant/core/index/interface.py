"""The interface of a vector index, and the types used in it."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from assistant.core.embedding import EmbedderIdentity, FloatArray
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.core.lexical import SparseVector
from assistant.core.records import Filters

DENSE = "dense"
LEXICAL = "lexical"

_NAMESPACE = uuid.UUID("6f1c8f0e-5b0c-4a53-9a0d-8c2f6f8f3a11")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Everything the stored vectors depend on; an index made under another fingerprint cannot be searched."""

    embedder: EmbedderIdentity
    chunker: str

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)

    def digest(self) -> str:
        """Short hash for answer records, and for what is kept under this fingerprint."""
        return self.digest_of(self.to_json())

    @staticmethod
    def digest_of(stored: Mapping[str, Any]) -> str:
        """The digest of a fingerprint from its ``to_json``."""
        return uuid.uuid5(_NAMESPACE, json.dumps(stored, sort_keys=True)).hex[:12]

    def require(self, stored: Mapping[str, Any], where: str) -> None:
        """Refuse vectors made under another fingerprint.

        Raises:
            SettingsError: ``stored`` differs; the message names the differences and the command that fixes
                them.
        """
        if stored == (mine := self.to_json()):
            return
        flat_stored, flat_mine = _flat(stored), _flat(mine)
        differing = [
            f"{key}: stored {flat_stored.get(key)!r}, settings {flat_mine.get(key)!r}"
            for key in sorted(flat_stored.keys() | flat_mine.keys())
            if flat_stored.get(key) != flat_mine.get(key)
        ]
        raise SettingsError(
            f"{where} was made under other settings ({'; '.join(differing)}).\n"
            "Change them back, or rebuild the passages and vectors from the stored articles with: python -m ingest rebuild"
        )


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """A passage as stored in the index: its two vectors and the payload used by filters."""

    passage_id: str
    article_id: str
    start: int
    end: int
    language: Language
    publisher: str
    published: date | None
    story_id: str
    dense: FloatArray
    lexical: SparseVector

    @property
    def point_id(self) -> str:
        """The passage id as a UUID, as Qdrant requires."""
        return str(uuid.uuid5(_NAMESPACE, self.passage_id))

    @property
    def payload(self) -> dict[str, Any]:
        """The payload; ``published`` is an integer such as 20251127, so that range filters work in every engine."""
        return {
            "passage_id": self.passage_id,
            "article_id": self.article_id,
            "start": self.start,
            "end": self.end,
            "language": str(self.language),
            "publisher": self.publisher,
            "published": day_number(self.published) if self.published else None,
            "story_id": self.story_id,
        }


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage's id with its raw score: cosine for dense, BM25 for lexical."""

    passage_id: str
    score: float


class VectorIndex(Protocol):
    """Passages searchable by dense and sparse vectors."""

    is_damaged: bool
    """Whether it failed in a way that ``reopen`` may fix."""

    def reopen(self) -> None:
        """Open it again; if the stored data cannot be read, it starts empty.

        Raises:
            IndexUnavailable: It cannot be opened.
        """

    def publish(self) -> None:
        """Let other processes search this index in place of one made under another fingerprint."""

    def announce(self, url: str) -> None:
        """Tell other processes the address of the chat that has this index open."""

    def upsert(self, points: Sequence[IndexPoint]) -> None:
        """Add points, replacing any with the same passage ids; durable on return."""

    def delete(self, article_ids: Sequence[str], keep: Sequence[str] = ()) -> None:
        """Remove all points of these articles except the passages to ``keep``; unknown ids are ignored."""

    def dense(
        self, vector: FloatArray, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        """Nearest passages in one language by cosine similarity, best first."""

    def lexical(
        self, vector: SparseVector, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        """Passages in one language that share query terms, best first, by BM25 with the language's document frequencies."""

    def passage_ids(self) -> Iterator[str]:
        """Ids of all stored passages, in no particular order."""

    def count(self) -> int:
        """Number of stored passages."""

    def close(self) -> None:
        """Release files and connections."""


def day_number(day: date) -> int:
    """A date as a sortable integer: 20251127."""
    return day.year * 10_000 + day.month * 100 + day.day


def _flat(tree: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        flat |= {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, Mapping) else {key: value}
    return flat
