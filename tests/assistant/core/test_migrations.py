from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, inspect, text

from assistant.core import migrations, schema
from assistant.core.articles import ArticleStore
from assistant.core.languages import Language

FOLDER = Path(migrations.__file__).parent


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def config(engine: Engine) -> Iterator[Config]:
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    with engine.connect() as made.attributes["connection"]:
        yield made


def test_migrations_end_in_the_tables_that_the_program_uses(engine: Engine, config: Config) -> None:
    migrations.upgrade(engine)
    migrations.upgrade(engine)
    with engine.connect() as db:
        assert (
            compare_metadata(MigrationContext.configure(db, opts={"compare_type": True}), schema.metadata)
            == []
        )
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def _first_article(db: Connection) -> None:
    db.execute(
        text(
            "INSERT INTO articles (id, url, title, text, language, publisher, body_start, story_id, text_digest) "
            "VALUES ('a', 'file:///a', '제목', '예산은 3조 원이다.', 'ko', '', 0, 'a', 'd')"
        )
    )
    db.execute(text("INSERT INTO ledger VALUES ('file:///a', 'd', 'a', '2026-11-01 00:00:00')"))


def test_each_migration_can_be_taken_back_and_made_again_without_losing_an_article(config: Config) -> None:
    command.upgrade(config, "0001")
    db = config.attributes["connection"]
    first = MetaData()
    first.reflect(db)
    _first_article(db)
    db.commit()
    for revision in range(2, int(migrations.HEAD) + 1):
        command.upgrade(config, f"{revision:04}")
        command.downgrade(config, f"{revision - 1:04}")
        command.upgrade(config, f"{revision:04}")
    command.downgrade(config, "0001")
    assert compare_metadata(MigrationContext.configure(db), first) == []
    assert db.execute(text("SELECT title FROM articles")).scalars().all() == ["제목"]
    assert db.execute(text("SELECT url FROM ledger")).scalars().all() == ["file:///a"]
    command.downgrade(config, "base")
    assert inspect(db).get_table_names() == ["alembic_version"]


def test_an_archive_from_before_revisions_keeps_its_articles(config: Config, database_url: str) -> None:
    command.upgrade(config, "0001")
    db = config.attributes["connection"]
    for table in ("alembic_version", "moments"):
        db.execute(text(f"DROP TABLE {table}"))
    _first_article(db)
    db.execute(
        text("INSERT INTO passages VALUES ('a:0', 'a', 'ko', 0, 13, '[]', '[]', :dense, :sentences)"),
        {"dense": np.ones(3, np.float32).tobytes(), "sentences": np.ones((2, 3), np.float16).tobytes()},
    )
    db.commit()
    store = ArticleStore(database_url)
    (article,) = store.articles()
    (source,) = store.ledger.rows()
    assert (article.title, article.version, article.author) == ("제목", 1, "")
    assert [moments.n for moments in store.moments()[Language.KO]] == [1, 2]
    assert (source.article_id, source.state, source.tries) == ("a", "stored", 0)
