"""Speed of adding articles beside the raw encoder and the defaults of two frameworks, and of questions while articles come in."""

import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.errors import AssistantError, EvalError
from assistant.core.settings import DatabaseSettings, IndexSettings, Settings
from eval.dataset.cases import Case
from eval.dataset.public_sets import news_texts
from eval.systems.extra import peers_extra
from ingest.chunk import chunk
from ingest.ingester import Ingester
from ingest.sources import find_sources
from ingest.worker import Worker, texts_of

_PAUSE_S = 0.2
"""Between two questions, in which the ingest goes on."""
_N_QUESTIONS = 200


def lines(settings: Settings, cases: Sequence[Case], data: Path, n_texts: int | None) -> Iterator[str]:
    """Two JSON objects, of ``ingest_speed`` and ``questions_beside``, over the news texts of NTREX.

    Raises:
        EvalError: The texts are missing, or there are too few of them or of questions.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = list(islice(_written(data, folder / "articles"), n_texts))
        own = {"data_dir": folder / "data", "index": IndexSettings(), "database": DatabaseSettings()}
        archive = Archive.open(settings.model_copy(update=own))
        first, beside = files[: len(files) // 2], files[len(files) // 2 :]
        yield json.dumps(ingest_speed(archive, first))
        pipeline = AnswerPipeline(archive, None, settings)
        questions = [case.question for case in cases if not case.history]
        if len(files) < 2 or not questions:
            raise EvalError("Two texts and one question without a conversation are the least.")
        yield json.dumps(questions_beside(archive, pipeline, questions, beside))
        archive.close()


def ingest_speed(archive: Archive, files: Sequence[Path]) -> dict[str, float]:
    """What adding files to an empty archive costs.

    ``of_raw`` is the encoder's time for the texts that are embedded, in batches sorted by length, over the
    whole ingest's time; ``over_langchain`` and ``over_llamaindex`` the time of their splitters and vector stores
    for the same articles over it; ``again`` the time to add the same files once more over it.

    Raises:
        EvalError: The others' packages are not installed.
    """
    with peers_extra():
        from eval.systems.langchain_peer import dense_store
        from eval.systems.llamaindex_peer import dense_index
    archive.embedder.passages(["warm"])
    first_s = _seconds(lambda: _add(archive, files))
    again_s = _seconds(lambda: _add(archive, files))
    articles = archive.store.articles()
    texts = {
        text
        for article in articles
        for passage in chunk(article, archive.embedder)
        for text in texts_of(article, passage)
    }
    raw_s = _seconds(lambda: archive.embedder.raw_passages(sorted(texts, key=len)))
    langchain_s = _seconds(lambda: dense_store(articles, archive.embedder))
    llamaindex_s = _seconds(lambda: dense_index(articles, archive.embedder))
    return {
        "articles": len(articles),
        "passages": archive.store.counts()["passages"],
        "texts": len(texts),
        "texts_a_second": round(len(texts) / first_s, 1),
        "of_raw": round(raw_s / first_s, 3),
        "over_langchain": round(langchain_s / first_s, 3),
        "over_llamaindex": round(llamaindex_s / first_s, 3),
        "again": round(again_s / first_s, 4),
    }


def questions_beside(
    archive: Archive, pipeline: AnswerPipeline, questions: Sequence[str], files: Sequence[Path]
) -> dict[str, float]:
    """The 95th percentile of the time of an answer while files are added, over that without; and what failed."""
    asked = list(islice(chain.from_iterable(iter(lambda: questions, None)), _N_QUESTIONS))
    quiet, _ = _times(pipeline, asked)
    before, stop = archive.store.counts()["articles"], threading.Event()
    adding = threading.Thread(target=_add_until, args=(archive, files, stop))
    adding.start()
    try:
        busy, failed = _times(pipeline, asked)
        added, was_alive = archive.store.counts()["articles"] - before, adding.is_alive()
    finally:
        stop.set()
        adding.join()
    return {
        "questions": len(asked),
        "failed": failed,
        "added_meanwhile": added,
        "to_the_end": was_alive,
        "p95_ratio": round(_p95(busy) / _p95(quiet), 2),
        "median_ratio": round(statistics.median(busy) / statistics.median(quiet), 2),
    }


def _written(data: Path, folder: Path) -> Iterator[Path]:
    folder.mkdir()
    for number, texts in enumerate(news_texts(data)):
        for language, text in texts.items():
            file = folder / f"{number}-{language}.txt"
            file.write_text(text, encoding="utf-8")
            yield file


def _add(archive: Archive, files: Sequence[Path]) -> None:
    list(Ingester.of(archive).add(find_sources([str(file) for file in files])))
    archive.synchronise()


def _add_until(archive: Archive, files: Sequence[Path], stop: threading.Event) -> None:
    """Add files as a chat does, one after the other, until told to stop."""
    worker = Worker(archive.store, archive.embedder, archive.questions.give_way)
    for file in files:
        if stop.is_set():
            return
        list(Ingester(archive.store, worker.work).add(find_sources([str(file)])))
        archive.synchronise()


def _times(pipeline: AnswerPipeline, questions: Sequence[str]) -> tuple[list[float], int]:
    """Seconds of each answer, and how many questions had none."""
    times, failed = [], 0
    for question in questions:
        started = time.perf_counter()
        try:
            pipeline.invoke(Ask(question))
        except AssistantError:
            failed += 1
        times.append(time.perf_counter() - started)
        time.sleep(_PAUSE_S)
    return times, failed


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
