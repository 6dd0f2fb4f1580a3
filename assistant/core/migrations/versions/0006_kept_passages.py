"""Passages of a rebuild in progress, and those that the last one replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "kept_passages",
        sa.Column("fingerprint", sa.String(12), primary_key=True),
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
    op.create_index("kept_passages_by_article", "kept_passages", ["article_id"])


def downgrade() -> None:
    """Remove the table; a rebuild cannot be taken back any more."""
    op.drop_table("kept_passages")
