"""Conversion of articles, passages, figures and vector sums to and from rows of the article store."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from sqlalchemy.engine import RowMapping

from assistant.core.embedding import FloatArray
from assistant.core.figures import Contradiction, Figure, Kind
from assistant.core.languages import Language
from assistant.core.moments import Moments
from assistant.core.records import Article, Passage, Relation, Span
from assistant.core.tabular import Cell, Row


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage with its unit vector, shape (dimensions,), and those of its sentences, shape (sentences, dimensions)."""

    passage: Passage
    dense: FloatArray
    sentences_dense: FloatArray


def article(row: Mapping[Any, Any]) -> Article:
    """An article from its row."""
    published: date | None = row["published"]
    return Article(
        id=row["id"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        language=Language(row["language"]),
        published=published,
        publisher=row["publisher"],
        origin=row["origin"],
        body_start=row["body_start"],
        story_id=row["story_id"],
        author=row["author"],
        updated=row["updated"],
        version=row["version"],
        canonical=row.get("canonical", ""),
        relation=Relation(row.get("relation", Relation.OWN)),
    )


def mean(passages: Sequence[EmbeddedPassage]) -> bytes:
    """The mean of the passages' vectors, as a unit vector, shape (dimensions,), in bytes."""
    total: FloatArray = np.sum([p.dense for p in passages], axis=0, dtype=np.float32)
    return (total / np.linalg.norm(total)).tobytes()


def version_row(stored: Mapping[Any, Any]) -> dict[str, Any]:
    """An article's row as JSON types, without its mean."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in stored.items()
        if key != "mean"
    }


def stored_version(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row that ``version_row`` was made from."""
    days = {key: row[key] and date.fromisoformat(row[key]) for key in ("published", "updated")}
    return {**row, **days}


def passage_row(embedded: EmbeddedPassage, language: Language) -> dict[str, Any]:
    """The row of a passage; ``language`` is the article's."""
    passage = embedded.passage
    return {
        "id": passage.id,
        "article_id": passage.article_id,
        "language": str(language),
        "start": passage.start,
        "end": passage.end,
        "sentences": [
            {
                "start": span.start,
                "end": span.end,
                "terms": span.terms,
                "row": span.row and asdict(span.row),
                "header": span.header,
            }
            for span in passage.sentences
        ],
        "figures": [[figure_row(figure) for figure in span.figures] for span in passage.sentences],
        "dense": embedded.dense.astype(np.float32).tobytes(),
        "sentences_dense": embedded.sentences_dense.astype(np.float16).tobytes(),
    }


def embedded(row: Mapping[Any, Any]) -> EmbeddedPassage:
    """A passage and its vectors from its row, which may lack what was read in its sentences."""
    passage = Passage(
        id=row["id"],
        article_id=row["article_id"],
        start=row["start"],
        end=row["end"],
        sentences=tuple(
            Span(
                span["start"],
                span["end"],
                tuple(map(figure, figures)),
                tuple((term, at) for term, at in span["terms"]),
                _table_row(span["row"]) if span["row"] else None,
                span["header"],
            )
            for span, figures in zip(row.get("sentences", ()), row.get("figures", ()), strict=True)
        ),
    )
    return EmbeddedPassage(passage, *vectors(row["dense"], row["sentences_dense"]))


def _table_row(row: Mapping[str, Any]) -> Row:
    return Row(tuple(Cell(**cell) for cell in row["cells"]), tuple(row["heads"]), row["caption"])


def vectors(dense: bytes, sentences_dense: bytes) -> tuple[FloatArray, FloatArray]:
    """The vectors of a passage, shape (dimensions,), and of its sentences, shape (sentences, dimensions), from bytes."""
    passage = np.frombuffer(dense, np.float32)
    return passage, np.frombuffer(sentences_dense, np.float16).astype(np.float32).reshape(-1, len(passage))


def figure_row(figure: Figure) -> dict[str, Any]:
    """A figure as JSON types; decimals become strings, to stay exact."""
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in asdict(figure).items()}


def figure(row: Mapping[str, Any]) -> Figure:
    """A figure from its ``figure_row``."""
    decimals = {key: Decimal(row[key]) if row[key] is not None else None for key in ("value", "low", "high")}
    return Figure(**{**row, **decimals, "kind": Kind(row["kind"])})


def contradiction(row: Sequence[Sequence[Mapping[str, Any]]]) -> Contradiction:
    """A contradiction from its two stored pairs of figures."""
    (amount_a, same_a), (amount_b, same_b) = row
    return Contradiction((figure(amount_a), figure(same_a)), (figure(amount_b), figure(same_b)))


def moments_row(found: Moments) -> dict[str, Any]:
    """Vector sums as bytes."""
    return {"n": found.n, "total": found.total.tobytes(), "outer": found.outer.tobytes()}


def moments(row: RowMapping) -> Moments:
    """Vector sums from their ``moments_row``."""
    total = np.frombuffer(row["total"], np.float64)
    return Moments(row["n"], total, np.frombuffer(row["outer"], np.float64).reshape(len(total), -1))
