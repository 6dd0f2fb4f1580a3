"""The programs in ``examples/`` do what they say, over the sample articles."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import serving, whole_page

import assistant
from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.settings import Settings, settings_table

ROOT = Path(__file__).parents[1]
QUESTION = "최근 1년간 중국산 신규 AI 모델의 다운로드 비중은?"


def _run(name: str, *arguments: str, data: Path, lines: str = "") -> str:
    variables = {**os.environ, "NEWS_DATA_DIR": str(data), "NEWS_LLM__ENGINE": "none"}
    command = [sys.executable, str(ROOT / "examples" / name), *arguments]
    done = subprocess.run(
        command, input=lines, env=variables, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    variables = {**os.environ, "NEWS_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "ingest", "add", "--samples"], env=variables, cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="module")
def served_url(
    samples: Archive, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    pipeline = AnswerPipeline(samples, None, settings)
    with serving(whole_page(pipeline, samples, tmp_path_factory.mktemp("served"))) as url:
        yield url


@pytest.mark.weights
def test_the_pipeline_answers_a_plain_string(data: Path) -> None:
    assert "17%" in _run("ask.py", QUESTION, data=data)


@pytest.mark.weights
def test_the_retriever_gives_documents_best_first(data: Path) -> None:
    scores = [float(line.split()[0]) for line in _run("retrieve.py", QUESTION, data=data).splitlines()]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)


def test_a_batch_of_questions_goes_through_the_api(served_url: str, tmp_path: Path) -> None:
    first, second = _run(
        "batch.py", served_url, data=tmp_path, lines=f"{QUESTION}\n\nxin chào\n"
    ).splitlines()
    assert first.startswith(f"{QUESTION}\tanswered\t")
    assert second.split("\t")[1] == "no_evidence"


def test_every_public_name_is_there_and_documented() -> None:
    assert all(getattr(assistant, name).__doc__ for name in assistant.__all__)


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines() == list(settings_table())
