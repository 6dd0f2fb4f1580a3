"""Other commands beside a running chat: its index stays whole, and what they add is answered from."""

import itertools
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from commands import Commands, chat_process, commands_with

pytestmark = pytest.mark.weights

CITIES = [f"{first}{second}" for first in ("가람", "나래") for second in ("봉", "천", "포", "산")]


@dataclass
class Chat:
    """A chat in a process of its own, and commands beside it."""

    url: str
    folder: Path
    commands: Commands

    def run(self, program: str, *words: str) -> str:
        code, said = self.commands.run(program, *words)
        assert code == 0, said
        return said

    def health(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/api/health", timeout=60).raise_for_status().json()
        return found

    def settled(self, within_s: float = 2.0) -> dict[str, Any]:
        """Its health as soon as nothing is pending, or when the time is over."""
        deadline = time.monotonic() + within_s
        while (health := self.health())["pending"] and time.monotonic() < deadline:
            time.sleep(0.1)
        return health


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    own = {"NEWS_DATA_DIR": str(tmp_path / "data"), "NEWS_LLM__ENGINE": "none", "NEWS_PAGE__PORT": "0"}
    with chat_process(own) as url, commands_with(own, tmp_path / "said") as commands:
        yield Chat(url, tmp_path, commands)


def test_eight_rounds_of_commands_beside_a_chat_leave_its_index_whole(chat: Chat) -> None:
    for n, city in enumerate(CITIES):
        amount, question = f"{101 + n}억 원", f"{city}시 인공지능 예산은 얼마인가?"
        article = chat.folder / f"{n}.md"
        article.write_text(
            f"---\ntitle: {city}시 예산\ndate: 2026-10-{n + 1:02}\n---\n{city}시 인공지능 예산은 {amount}이다.\n"
        )
        for command in (
            ("ingest", "add", str(article)),
            ("assistant", "ask", question, "--json"),
            ("ingest", "status"),
            ("ingest", "list"),
            ("assistant", "doctor"),
        ):
            said = chat.run(*command)
            health = chat.settled()
            assert (health["status"], health["error"], health["pending"]) == ("ok", None, 0), (city, command)
            assert command[1] not in ("ask", "list") or city in said
        shown = httpx.post(f"{chat.url}/api/ask", json={"question": question}, timeout=60).json()
        assert amount in str(shown["sentences"]), city


def test_a_chat_whose_index_was_damaged_mends_itself_and_goes_on(chat: Chat) -> None:
    before = chat.folder / "before.md"
    before.write_text("---\ntitle: 나래시 예산\ndate: 2026-10-01\n---\n나래시 인공지능 예산은 70억 원이다.\n")
    chat.run("ingest", "add", str(before))
    chat.settled()
    for journal in (chat.folder / "data" / "index").rglob("tracker_journal.dat"):
        journal.unlink()
    after = chat.folder / "after.md"
    after.write_text("---\ntitle: 다솜시 예산\ndate: 2026-10-02\n---\n다솜시 인공지능 예산은 80억 원이다.\n")
    chat.run("ingest", "add", str(after))
    for _ in itertools.takewhile(
        lambda _: chat.health()["status"] != "ok" or chat.health()["pending"], range(50)
    ):
        time.sleep(0.1)
    assert chat.settled()["status"] == "ok"
    for city, amount in (("나래시", "70억 원"), ("다솜시", "80억 원")):
        record = httpx.post(
            f"{chat.url}/api/ask", json={"question": f"{city} 인공지능 예산은 얼마인가?"}, timeout=60
        ).json()
        assert amount in str(record["sentences"])


def test_a_chat_whose_data_folder_is_gone_says_so_and_keeps_running(chat: Chat) -> None:
    shutil.rmtree(chat.folder / "data")
    article = chat.folder / "a.md"
    article.write_text("---\ntitle: 라온시 예산\n---\n라온시 인공지능 예산은 90억 원이다.\n")
    response = httpx.post(f"{chat.url}/api/ask", json={"question": "라온시 예산은?"}, timeout=60)
    assert response.status_code == 503
    assert response.json()["error"].startswith(f"The folder {chat.folder / 'data'} is gone.")
    response = httpx.get(f"{chat.url}/api/health", timeout=60)
    assert (response.status_code, "is gone" in response.json()["error"]) == (503, True)


def test_a_rebuild_beside_a_chat_is_taken_up_by_the_next_one_and_undone(tmp_path: Path) -> None:
    own = {"NEWS_DATA_DIR": str(tmp_path / "data"), "NEWS_LLM__ENGINE": "none", "NEWS_PAGE__PORT": "0"}
    changed = own | {"NEWS_EMBEDDER__PASSAGE_PROMPT": "news: "}
    article, question = tmp_path / "a.md", {"question": "가람시 인공지능 예산은 얼마인가?"}
    article.write_text(
        "---\ntitle: 가람시 예산\ndate: 2026-10-01\n---\n가람시 인공지능 예산은 70억 원이다.\n"
    )

    def answer(url: str) -> httpx.Response:
        return httpx.post(f"{url}/api/ask", json=question, timeout=60)

    with commands_with(changed, tmp_path / "said") as after, commands_with(own, tmp_path / "told") as before:
        with chat_process(own) as url:
            assert before.run("ingest", "add", str(article))[0] == 0
            assert "70억 원" in answer(url).text
            code, said = after.run("ingest", "rebuild")
            assert (code, "start it again" in said) == (0, True)
            assert "Start this program again" in answer(url).text
        with chat_process(changed) as url:
            assert "70억 원" in answer(url).text
            assert httpx.get(f"{url}/api/health", timeout=60).json()["pending"] == 0
        code, said = after.run("ingest", "rebuild", "--undo")
        assert (code, "was made under other settings" in said) == (2, True)
        assert before.run("ingest", "rebuild", "--undo")[0] == 0
        with chat_process(own) as url:
            assert "70억 원" in answer(url).text
