"""The tables of the first archives."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "articles",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("url", sa.Text, nullable=False, unique=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("published", sa.Date),
        sa.Column("publisher", sa.Text, nullable=False),
        sa.Column("origin", sa.Text),
        sa.Column("body_start", sa.Integer, nullable=False),
        sa.Column("story_id", sa.String(32), nullable=False, index=True),
        sa.Column("text_digest", sa.String(64), nullable=False, index=True),
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("dense", sa.LargeBinary, nullable=False),
        sa.Column("sentences_dense", sa.LargeBinary, nullable=False),
    )
    op.create_index("passages_by_article", "passages", ["article_id"])
    op.create_table(
        "contradictions",
        sa.Column("article_id", sa.String(32), primary_key=True),
        sa.Column("found", sa.JSON, nullable=False),
    )
    op.create_table(
        "moments",
        sa.Column("language", sa.String(8), primary_key=True),
        sa.Column("part", sa.String(16), primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("total", sa.LargeBinary, nullable=False),
        sa.Column("outer", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("article_id", sa.String(32), nullable=False, index=True),
        sa.Column("ingested", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "changes",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("article_id", sa.String(32), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "archive",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Remove them with all that is in them."""
    for table in ("archive", "changes", "ledger", "moments", "contradictions", "passages", "articles"):
        op.drop_table(table)
