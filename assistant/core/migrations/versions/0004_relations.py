"""What each article is to the first article of its story."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add it; articles stored so far count as reports of their own."""
    with op.batch_alter_table("articles") as articles:
        articles.add_column(sa.Column("relation", sa.String(16), nullable=False, server_default="own"))


def downgrade() -> None:
    """Remove it."""
    with op.batch_alter_table("articles") as articles:
        articles.drop_column("relation")
