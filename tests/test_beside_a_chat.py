"""Other commands beside a running chat: its index stays whole, and what they add is answered from."""

import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.weights

CITIES = [f"{first}{second}" for first in ("가람", "나래") for second in ("봉", "천", "포", "산")]
# One process that has everything imported makes a process of its own for each command: imports would take
# most of the time.
_COMMANDS = """
import json, os, sys
import sentence_transformers
import assistant.__main__, ingest.__main__
for line in sys.stdin:
    program, *words = json.loads(line)
    child = os.fork()
    if not child:
        sys.argv = [program + "/__main__.py"]
        out = os.open(os.environ["COMMAND_OUTPUT"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(out, 1), os.dup2(out, 2)
        code = sys.modules[program + ".__main__"].main(words)
        sys.stdout.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Chat:
    """A chat in a process of its own, and commands beside it."""

    url: str
    folder: Path
    commands: subprocess.Popen[str]

    def run(self, program: str, *words: str) -> str:
        assert self.commands.stdin is not None
        assert self.commands.stdout is not None
        self.commands.stdin.write(json.dumps([program, *words]) + "\n")
        self.commands.stdin.flush()
        code = int(self.commands.stdout.readline())
        said = (self.folder / "said").read_text()
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
    env = os.environ | own | {"COMMAND_OUTPUT": str(tmp_path / "said")}
    with (
        subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve"], env=env, stderr=subprocess.PIPE, text=True
        ) as serving,
        subprocess.Popen(
            [sys.executable, "-c", _COMMANDS],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as commands,
    ):
        assert serving.stderr is not None
        url = next(line.split()[-1] for line in serving.stderr if line.startswith("The chat is at"))
        chat = Chat(url, tmp_path, commands)
        while not (tmp_path / "data" / "index" / "holder.json").read_text().count(url):
            time.sleep(0.05)
        yield chat
        commands.communicate()
        serving.terminate()
        serving.stderr.read()


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
