"""An ingest that is killed at any instant loses, doubles and half-shows nothing; KILLS=50 tries more instants."""

import os
import random
import signal
from contextlib import nullcontext
from pathlib import Path

import pytest
from commands import chat_process, commands_with

from assistant.core.archive import Archive, open_store
from assistant.core.articles import ArticleStore
from assistant.core.settings import Engine, LlmSettings, Settings
from ingest.worker import Worker

pytestmark = pytest.mark.weights

_KILLS = int(os.environ.get("KILLS", "2"))
_LONGEST_S = 4.0
"""About the time that an ingest of the articles takes."""
_N_ARTICLES = 12


def _write(folder: Path, number: int, edition: int) -> None:
    amounts = "".join(
        f"{number}번 시의 {edition}차 계획 가운데 {part}번째 사업에는 {100 * number + 10 * part + edition}억 원이 든다.\n\n"
        for part in range(1, 9)
    )
    text = f"---\ntitle: {number}번 시의 예산\ndate: 2026-10-{number + 1:02}\n---\n{amounts}"
    (folder / f"{number}.md").write_text(text, encoding="utf-8")


def _require_whole(store: ArticleStore, worker: Worker) -> None:
    """Every stored article has the passages of its own text, each once."""
    for article in store.articles():
        stored = [(one.passage.start, one.passage.end) for one in store.passages_of(article.id)]
        wanted = [(one.passage.start, one.passage.end) for one in worker.embed([article])[0]]
        assert sorted(stored) == wanted, article.url


@pytest.mark.parametrize("beside_a_chat", [False, True])
def test_an_ingest_killed_at_any_instant_is_made_good_by_the_next(
    settings: Settings, tmp_path: Path, *, beside_a_chat: bool
) -> None:
    chance = random.Random(beside_a_chat)
    folder = tmp_path / "articles"
    folder.mkdir()
    editions = dict.fromkeys(range(_N_ARTICLES), 1)
    data = {"NEWS_DATA_DIR": str(tmp_path / "data"), "NEWS_LLM__ENGINE": "none", "NEWS_PAGE__PORT": "0"}
    own = settings.model_copy(update={"data_dir": tmp_path / "data", "llm": LlmSettings(engine=Engine.NONE)})
    chat = chat_process(data) if beside_a_chat else nullcontext()
    store = open_store(own)
    with chat, commands_with(data, tmp_path / "said") as commands:
        archive = Archive.open(own, share_index=True)
        worker = Worker(store, archive.embedder)
        for number, edition in editions.items():
            _write(folder, number, edition)
        for _ in range(_KILLS):
            code, said = commands.run(
                "ingest", "add", str(folder), kill_after_s=chance.uniform(0, _LONGEST_S)
            )
            assert code in (0, -signal.SIGKILL), said
            _require_whole(store, worker)
            for number in chance.sample(range(_N_ARTICLES), 3):
                editions[number] += 1
                _write(folder, number, editions[number])
        code, said = commands.run("ingest", "add", str(folder))
        assert code == 0, said
        archive.close()
    _require_whole(store, worker)
    titles = [article.title for article in store.articles()]
    assert sorted(titles) == sorted(f"{number}번 시의 예산" for number in editions)
    for article in store.articles():
        number = int(article.title.split("번")[0])
        assert f"{editions[number]}차 계획" in article.text
    assert store.counts()["waiting"] == 0
    store.close()
    whole = Archive.open(own)
    whole.synchronise()
    drift = whole.drift()
    assert drift is not None
    assert not drift
    whole.close()
