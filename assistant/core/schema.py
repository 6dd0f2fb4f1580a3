"""The tables of the database; a change of them is a revision under ``migrations``."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData()
articles = Table(
    "articles",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("published", Date),
    Column("publisher", Text, nullable=False),
    Column("origin", Text),
    Column("body_start", Integer, nullable=False),
    Column("story_id", String(32), nullable=False, index=True),
    Column("text_digest", String(64), nullable=False, index=True),
    Column("author", Text, nullable=False, server_default=""),
    Column("updated", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("canonical", Text, nullable=False, server_default="", index=True),
    Column("relation", String(16), nullable=False, server_default="own"),
    Column("mean", LargeBinary),
)
versions = Table(
    "versions",
    metadata,
    Column("article_id", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("stored", JSON, nullable=False),
)


def _of_a_passage() -> tuple[Column[Any], ...]:
    return (
        Column("article_id", String(32), nullable=False),
        Column("language", String(8), nullable=False),
        Column("start", Integer, nullable=False),
        Column("end", Integer, nullable=False),
        Column("sentences", JSON, nullable=False),
        Column("figures", JSON, nullable=False),
        Column("dense", LargeBinary, nullable=False),
        Column("sentences_dense", LargeBinary, nullable=False),
    )


passages = Table(
    "passages",
    metadata,
    Column("id", String(48), primary_key=True),
    *_of_a_passage(),
    Index("passages_by_article", "article_id"),
)
kept_passages = Table(
    "kept_passages",
    metadata,
    Column("fingerprint", String(12), primary_key=True),
    Column("id", String(48), primary_key=True),
    *_of_a_passage(),
    Index("kept_passages_by_article", "article_id"),
)
"""Passages made under another fingerprint: by a rebuild in progress, or before the last one."""
contradictions = Table(
    "contradictions",
    metadata,
    Column("article_id", String(32), primary_key=True),
    Column("found", JSON, nullable=False),
)
moments = Table(
    "moments",
    metadata,
    Column("language", String(8), primary_key=True),
    Column("part", String(16), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("total", LargeBinary, nullable=False),
    Column("outer", LargeBinary, nullable=False),
)
ledger = Table(
    "ledger",
    metadata,
    Column("url", Text, primary_key=True),
    Column("source_digest", String(64)),
    Column("article_id", String(32), index=True),
    Column("ingested", DateTime(timezone=True)),
    Column("state", String(16), nullable=False, server_default="stored"),
    Column("error", Text),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("retry_at", DateTime(timezone=True)),
    Column("etag", Text),
    Column("last_modified", Text),
)
queue = Table(
    "queue",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("url", Text, nullable=False, unique=True),
    Column("article_id", String(32), nullable=False, index=True),
    Column("article", JSON, nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("source_digest", String(64), nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("claimed_by", String(32)),
    Column("claimed_until", DateTime(timezone=True)),
    sqlite_autoincrement=True,  # numbers are never reused: a worker must not take a newer text for its own
)
changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("article_id", String(32), nullable=False),
    sqlite_autoincrement=True,  # numbers are never reused: deleting an applied change must not delete a new one
)
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(128), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("changed", DateTime(timezone=True), nullable=False),
)
exchanges = Table(
    "exchanges",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("record", JSON, nullable=False),
    Column("asked", DateTime(timezone=True), nullable=False),
    Column("stopped", Boolean, nullable=False, server_default=false()),
    Column("is_right", Boolean),
    Column("reason", Text, nullable=False, server_default=""),
    Column("correction", Text, nullable=False, server_default=""),
)
archive = Table(
    "archive", metadata, Column("name", String(32), primary_key=True), Column("value", JSON, nullable=False)
)
