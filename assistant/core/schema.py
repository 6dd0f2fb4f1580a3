"""The tables of the article store."""

from sqlalchemy import (
    JSON,
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
)
passages = Table(
    "passages",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("article_id", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", JSON, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("dense", LargeBinary, nullable=False),
    Column("sentences_dense", LargeBinary, nullable=False),
    Index("passages_by_article", "article_id"),
)
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
    Column("source_digest", String(64), nullable=False),
    Column("article_id", String(32), nullable=False, index=True),
    Column("ingested", DateTime(timezone=True), nullable=False),
)
changes = Table(
    "changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("article_id", String(32), nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice: taking away a followed change must not hit a new one
)
archive = Table(
    "archive", metadata, Column("name", String(32), primary_key=True), Column("value", JSON, nullable=False)
)
