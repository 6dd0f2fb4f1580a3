"""The state of each source, and every version of an article."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add them; what is stored so far was ingested well and is version 1."""
    with op.batch_alter_table("articles") as articles:
        articles.add_column(sa.Column("author", sa.Text, nullable=False, server_default=""))
        articles.add_column(sa.Column("updated", sa.Date))
        articles.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    with op.batch_alter_table("ledger") as ledger:
        ledger.alter_column("article_id", existing_type=sa.String(32), nullable=True)
        ledger.alter_column("source_digest", existing_type=sa.String(64), nullable=True)
        ledger.alter_column("ingested", existing_type=sa.DateTime(timezone=True), nullable=True)
        ledger.add_column(sa.Column("state", sa.String(16), nullable=False, server_default="stored"))
        ledger.add_column(sa.Column("error", sa.Text))
        ledger.add_column(sa.Column("tries", sa.Integer, nullable=False, server_default="0"))
        ledger.add_column(sa.Column("retry_at", sa.DateTime(timezone=True)))
        ledger.add_column(sa.Column("etag", sa.Text))
        ledger.add_column(sa.Column("last_modified", sa.Text))
    op.create_table(
        "versions",
        sa.Column("article_id", sa.String(32), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("stored", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Remove them; sources that never became an article are forgotten."""
    op.drop_table("versions")
    op.execute("DELETE FROM ledger WHERE article_id IS NULL OR source_digest IS NULL OR ingested IS NULL")
    with op.batch_alter_table("ledger") as ledger:
        for name in ("last_modified", "etag", "retry_at", "tries", "error", "state"):
            ledger.drop_column(name)
        ledger.alter_column("ingested", existing_type=sa.DateTime(timezone=True), nullable=False)
        ledger.alter_column("source_digest", existing_type=sa.String(64), nullable=False)
        ledger.alter_column("article_id", existing_type=sa.String(32), nullable=False)
    with op.batch_alter_table("articles") as articles:
        for name in ("version", "updated", "author"):
            articles.drop_column(name)
