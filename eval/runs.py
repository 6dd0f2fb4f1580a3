"""Answers every case and keeps the records as JSON Lines; a run that was stopped goes on where it was."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.answer import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.errors import AssistantError, EvalError, SettingsError
from assistant.core.settings import DatabaseSettings, IndexSettings, Settings
from assistant.llm import open_model
from eval.cases import Case
from ingest import chunk
from ingest.pipeline import Ingester, Outcome
from ingest.samples import FOLDER as SAMPLES
from ingest.sources import find_sources

Row = dict[str, Any]
"""``id``, ``seconds`` and either ``answer`` (the answer record) or ``error``."""


def open_pipeline(settings: Settings) -> tuple[Archive, AnswerPipeline]:
    """A pipeline over the sample articles alone, in a folder of its own beside the person's archive.

    Raises:
        EvalError: A sample article cannot be ingested.
        ServiceError: A model or the archive cannot be opened.
    """
    own = settings.model_copy(
        update={"data_dir": settings.data_dir / "eval", "index": IndexSettings(), "database": DatabaseSettings()}
    )
    try:
        archive = Archive.open(own, chunk.VERSION)
    except SettingsError:  # made with another embedder: it holds nothing but the samples
        shutil.rmtree(own.data_dir)
        archive = Archive.open(own, chunk.VERSION)
    failed = [r for r in Ingester(archive.store, archive.embedder).add(find_sources([str(SAMPLES)])) if r.outcome is Outcome.FAILED]
    if failed:
        raise EvalError("; ".join(f"{r.source.path}: {r.reason}" for r in failed))
    archive.synchronise()
    return archive, AnswerPipeline(archive, open_model(settings), own)


def run_cases(pipeline: AnswerPipeline, cases: Sequence[Case], file: Path) -> Iterator[Row]:
    """Answer the cases that the file has no answer for; each row is written before it is yielded.

    A failure is a row too, and is tried again by the next run.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = [row for row in load_rows(file) if "answer" in row] if file.exists() else []
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")
    done = {row["id"] for row in kept}
    with file.open("a", encoding="utf-8") as out:
        for case in cases:
            if case.id in done:
                continue
            row = _answer(pipeline, case)
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
            yield row


def load_rows(file: Path) -> list[Row]:
    """The rows of a run; a last line cut off by a crash is dropped and its case answered again.

    Raises:
        EvalError: The file cannot be read, or another line is not JSON.
    """
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


def _answer(pipeline: AnswerPipeline, case: Case) -> Row:
    started = time.perf_counter()
    try:
        outcome: Row = {"answer": pipeline.invoke(Ask(case.question, case.history)).to_json()}
    except AssistantError as exc:
        outcome = {"error": str(exc)}
    except Exception as exc:
        outcome = {"error": f"Unexpected {type(exc).__name__}: {exc}"}
    return {"id": case.id, "seconds": round(time.perf_counter() - started, 2), **outcome}
