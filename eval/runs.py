"""Answers every case and keeps the records as JSON Lines; an interrupted run resumes where it stopped."""

import hashlib
import json
import shutil
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.errors import AssistantError, EvalError, SettingsError
from assistant.core.settings import DatabaseSettings, Engine, IndexSettings, LlmSettings, Settings
from assistant.models.engines import open_model
from eval.dataset.cases import Case
from eval.systems.product import System
from eval.systems.timed import TimedModel
from ingest.ingester import Ingester, IngestOutcome
from ingest.samples import FOLDER as SAMPLES
from ingest.sources import find_sources

Row = dict[str, Any]
"""``id``, ``question``, ``seconds`` and either ``answer`` (the answer record) or ``error``.

``gold_rank`` is set for answered cases with gold spans: the rank of the first retrieved passage that contains
one, None if none does. ``model_s`` and ``tokens`` are set if there is a language model.
"""
_PACKAGES = (
    *("ai-policy-news-assistant", "llama-cpp-python", "sentence-transformers", "torch", "qdrant-edge-py"),
    *("langchain-classic", "llama-index-core"),
)


def without_model(settings: Settings) -> Settings:
    """The settings with the language model switched off."""
    return settings.model_copy(update={"llm": LlmSettings(engine=Engine.NONE)})


def open_pipeline(settings: Settings, articles: Path = SAMPLES) -> tuple[Archive, AnswerPipeline]:
    """A pipeline over a folder of articles alone, in a data folder separate from the user's archive.

    Raises:
        EvalError: An article cannot be ingested.
        ServiceError: A model or the archive cannot be opened.
    """
    name = "eval" if articles == SAMPLES else f"eval-{zlib.crc32(str(articles.absolute()).encode()):08x}"
    own = settings.model_copy(
        update={
            "data_dir": settings.data_dir / name,
            "index": IndexSettings(),
            "database": DatabaseSettings(),
        }
    )
    try:
        archive = Archive.open(own)
    except SettingsError:  # made with another embedder; it holds only these articles
        shutil.rmtree(own.data_dir)
        archive = Archive.open(own)
    sources = find_sources([str(articles)])
    failed = [r for r in Ingester.of(archive).add(sources) if r.outcome is IngestOutcome.FAILED]
    if failed:
        raise EvalError("; ".join(f"{r.source.path}: {r.reason}" for r in failed))
    archive.synchronise()
    model = open_model(settings)
    return archive, AnswerPipeline(archive, TimedModel(model=model) if model else None, own)


def run_file(settings: Settings, name: str, suffix: str = ".jsonl") -> Path:
    """Path of the run of this name, or of a file that belongs to it."""
    return settings.data_dir / "runs" / f"{name}{suffix}"


def run_cases(
    system: System, cases: Sequence[Case], file: Path, made_with: Mapping[str, Any]
) -> Iterator[Row]:
    """Answer the cases the file has no answer for; each row is written before it is yielded.

    A failure is stored as a row too. The next run retries it, as it does a case whose question has changed.

    Args:
        system: Answers the cases.
        cases: The questions.
        file: The run's file; its first line holds ``made_with``.
        made_with: The run's conditions, as returned by ``conditions``.

    Raises:
        EvalError: The file was made under other conditions.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = load_rows(file) if file.exists() else []
    if rows and (before := load_conditions(file)) != made_with:
        changed = sorted(
            key for key in before.keys() | made_with.keys() if before.get(key) != made_with.get(key)
        )
        raise EvalError(
            f"The run {file.stem!r} was made under other conditions ({', '.join(changed)}). "
            "Answer all cases again: python -m eval run --fresh\nOr give this run a name: python -m eval run --run NAME"
        )
    asked = {case.id: case.question for case in cases}
    kept = [
        row for row in rows if "answer" in row and asked.get(row["id"], row["question"]) == row["question"]
    ]
    lines = [{"run": made_with}, *kept]
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    done = {row["id"] for row in kept}
    with file.open("a", encoding="utf-8") as out:
        for case in cases:
            if case.id in done:
                continue
            row = _answer(system, case)
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
            yield row


def conditions(settings: Settings, archive: Archive) -> dict[str, Any]:
    """Everything a run's answers depend on: settings, versions, prompts, index."""
    texts = sorted(
        (file.name, file.read_bytes())
        for file in resources.files("prompts").iterdir()
        if file.name.endswith(".txt")
    )
    return {
        "llm": settings.llm.model_dump(mode="json", exclude={"url", "api_key"}),
        "embedder": settings.embedder.model_dump(mode="json"),
        "reranker": settings.reranker.model_dump(mode="json"),
        "answer": settings.answer.model_dump(mode="json"),
        "versions": {name: _version(name) for name in _PACKAGES},
        "prompts": hashlib.sha256(b"".join(name.encode() + text for name, text in texts)).hexdigest()[:12],
        "index": archive.fingerprint.digest(),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def load_conditions(file: Path) -> dict[str, Any]:
    """The conditions a run was made under; empty if the file does not record them."""
    first = next((row for row in _lines(file) if "run" in row), {})
    return dict(first.get("run", {}))


def load_rows(file: Path) -> list[Row]:
    """The answers of a run; a last line cut off by a crash is dropped, so that its case is answered again.

    Raises:
        EvalError: The file cannot be read, or any other line is not JSON.
    """
    return [row for row in _lines(file) if "run" not in row]


def _lines(file: Path) -> list[Row]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise EvalError(f"The run {file} cannot be read: {exc}. Make one with: python -m eval run") from exc
    whole, _, rest = text.rpartition("\n")
    if rest:
        file.write_text(f"{whole}\n" if whole else "", encoding="utf-8")
    try:
        return [json.loads(line) for line in whole.splitlines()]
    except ValueError as exc:
        raise EvalError(f"The run {file} is damaged ({exc}); remove it and run again.") from exc


def _answer(system: System, case: Case) -> Row:
    started = time.perf_counter()
    clock = system.model if isinstance(system.model, TimedModel) else None
    before = (clock.seconds, clock.tokens) if clock else (0.0, 0)
    try:
        outcome: Row = {"answer": system.answer(case)}
    except AssistantError as exc:
        outcome = {"error": str(exc)}
    except Exception as exc:
        outcome = {"error": f"Unexpected {type(exc).__name__}: {exc}"}
    row = {
        "id": case.id,
        "question": case.question,
        "seconds": round(time.perf_counter() - started, 2),
        **outcome,
    }
    if clock:
        row |= {"model_s": round(clock.seconds - before[0], 2), "tokens": clock.tokens - before[1]}
    return row | ({"gold_rank": _gold_rank(system, case)} if case.spans and "answer" in row else {})


def _gold_rank(system: System, case: Case) -> int | None:
    """Rank, from 1, of the first retrieved passage that contains a gold span; None if none does."""
    found = enumerate(system.retrieved(case), 1)
    return next((n for n, passage in found if any(span.is_in(passage) for span in case.spans)), None)
