"""What every vector index does, and the values that cross its border."""

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
    """Everything on which stored vectors depend; an index made under another one cannot be searched."""

    embedder: EmbedderIdentity
    chunker: str

    def to_json(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)

    def digest(self) -> str:
        """Short form for answer records."""
        return uuid.uuid5(_NAMESPACE, json.dumps(self.to_json(), sort_keys=True)).hex[:12]

    def require(self, stored: Mapping[str, Any], where: str) -> None:
        """Refuse vectors made otherwise.

        Raises:
            SettingsError: ``stored`` differs; names what differs and the command that mends it.
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
            "Set them back, or make the passages and their vectors anew from the stored articles with: python -m ingest rebuild"
        )


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """A passage as the index holds it: its two vectors and the payload that filters look at."""

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
        """The passage's id as the UUID that Qdrant asks for."""
        return str(uuid.uuid5(_NAMESPACE, self.passage_id))

    @property
    def payload(self) -> dict[str, Any]:
        """Payload; ``published`` is a whole number, 20251127, so that ranges work in every engine."""
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
    """Passages searchable by dense and by sparse vector."""

    is_damaged: bool
    """Whether it failed in a way that ``reopen`` may mend."""

    def reopen(self) -> None:
        """Open it anew, empty where what is stored cannot be read.

        Raises:
            IndexUnavailable: It cannot be opened.
        """

    def announce(self, url: str) -> None:
        """Tell other processes where the chat listens for whom the index is open."""

    def upsert(self, points: Sequence[IndexPoint]) -> None:
        """Add points, or replace those of the same passage ids; durable on return."""

    def delete(self, article_ids: Sequence[str], keep: Sequence[str] = ()) -> None:
        """Remove the points of these articles but for the passages to ``keep``; unknown ids are no error."""

    def dense(
        self, vector: FloatArray, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        """Nearest passages of one language by cosine, best first."""

    def lexical(
        self, vector: SparseVector, language: Language, filters: Filters, limit: int
    ) -> list[ScoredPassage]:
        """Passages of one language that share terms, by BM25 with the language's own document frequencies, best first."""

    def passage_ids(self) -> Iterator[str]:
        """Ids of all stored passages, in no order."""

    def count(self) -> int:
        """Stored passages."""

    def close(self) -> None:
        """Release files and connections."""


def day_number(day: date) -> int:
    """A date as a whole number that sorts: 20251127."""
    return day.year * 10_000 + day.month * 100 + day.day


def _flat(tree: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        flat |= {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, Mapping) else {key: value}
    return flat
