"""Articles that wait to be embedded; each article's mean vector and canonical address."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add them; means are filled in by the rebuild that passages need, too."""
    with op.batch_alter_table("articles") as articles:
        articles.add_column(sa.Column("mean", sa.LargeBinary))
        articles.add_column(sa.Column("canonical", sa.Text, nullable=False, server_default="", index=True))
    op.create_table(
        "queue",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("url", sa.Text, nullable=False, unique=True),
        sa.Column("article_id", sa.String(32), nullable=False, index=True),
        sa.Column("article", sa.JSON, nullable=False),
        sa.Column("text_digest", sa.String(64), nullable=False),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("claimed_by", sa.String(32)),
        sa.Column("claimed_until", sa.DateTime(timezone=True)),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove them; articles that still wait are forgotten."""
    op.drop_table("queue")
    op.drop_index("ix_articles_canonical", "articles")
    with op.batch_alter_table("articles") as articles:
        articles.drop_column("canonical")
        articles.drop_column("mean")
