"""Speed of the components, as ratios within one run."""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.embedding import FloatArray
from assistant.core.queue import Queued
from assistant.core.rows import EmbeddedPassage
from assistant.core.settings import Engine, Settings
from assistant.question.understand import understand
from assistant.retrieval.evidence import select_evidence
from eval.bench import answer_speed, index_speed
from eval.dataset.cases import Case
from eval.report import plots
from eval.runs import open_pipeline, without_model

_PASSAGES_AN_ARTICLE = 10
_QUESTIONS = 60
"""Questions that each index is asked, taken evenly from the cases."""


def lines(
    settings: Settings, cases: Sequence[Case], sizes: Sequence[int], plot: Path | None
) -> Iterator[str]:
    """JSON objects: ``speed`` of the articles alone or, for each of ``sizes``, of an archive padded to so many passages.

    With ``sizes``, also ``index_speed``, and in ``plot``, a file, its cost against the archive's size. Then, if a
    model is configured, ``answer_speed.lines``.
    """
    questions = [case.question for case in cases][:: max(1, len(cases) // _QUESTIONS)]
    rows: list[index_speed.Row] = []
    with TemporaryDirectory() as folder:
        data_dir = Path(folder) if sizes else settings.data_dir
        archive, pipeline = open_pipeline(without_model(settings.model_copy(update={"data_dir": data_dir})))
        for size in sorted(sizes) or [0]:
            fill(archive, size)
            yield json.dumps(speed(archive, pipeline, questions))
            if sizes:
                rows += (measured := index_speed.index_speed(archive, questions))
                yield from map(json.dumps, measured)
        archive.close()
    if rows:
        yield json.dumps({"growth": index_speed.growth(rows)})
        if plot:
            plot.write_text(plots.cost(rows), encoding="utf-8")
    if settings.llm.engine is not Engine.NONE:
        archive, _ = open_pipeline(without_model(settings))
        yield from map(json.dumps, answer_speed.lines(archive, settings, cases))
        archive.close()


def speed(archive: Archive, pipeline: AnswerPipeline, questions: Sequence[str]) -> dict[str, float]:
    """Median milliseconds to embed a question, to retrieve with evidence, and to do both and choose a figure.

    ``ratio`` and ``figure_ratio`` are the last two relative to the first; ``p95_ratio`` is that of the 95th
    percentile of retrieval with evidence.
    """

    def retrieve(question: str) -> None:
        understood = understand(question)
        select_evidence(understood, pipeline.retriever.retrieve(understood))

    def choose(question: str) -> None:
        pipeline.prepare(understand(question))

    embed_ms, retrieve_ms, choose_ms = (
        _times_ms(work, questions) for work in (archive.embedder.query, retrieve, choose)
    )
    embed = statistics.median(embed_ms)
    return {
        "passages": archive.store.counts()["passages"],
        "embed_ms": round(embed, 1),
        "retrieve_ms": round(statistics.median(retrieve_ms), 1),
        "ratio": round(statistics.median(retrieve_ms) / embed, 2),
        "p95_ratio": round(statistics.quantiles(retrieve_ms, n=20)[-1] / embed, 2),
        "figure_ratio": round(statistics.median(choose_ms) / embed, 2),
    }


def fill(archive: Archive, n_passages: int) -> None:
    """Repeat the archive's articles, with random vectors, until it has ``n_passages`` passages."""
    rng = np.random.default_rng(0)
    articles = archive.store.articles()
    passages = archive.store.passages(archive.store.passage_ids())
    by_article = {
        a.id: [p for p in passages.values() if p.passage.article_id == a.id][:_PASSAGES_AN_ARTICLE]
        for a in articles
    }
    missing, n = n_passages - len(passages), len(articles)
    while missing > 0:
        of = articles[n % len(articles)]
        name, n = f"filling-{n}", n + 1
        made = [
            EmbeddedPassage(
                replace(p.passage, id=f"{name}:{i}", article_id=name),
                _unit(rng, p.dense),
                _unit(rng, p.sentences_dense),
            )
            for i, p in enumerate(by_article[of.id][:missing])
        ]
        filling = replace(of, id=name, url=f"file:///{name}", story_id=name)
        archive.store.save(Queued(filling, name, name), made)
        missing -= len(made)
    archive.synchronise()


def _unit(rng: np.random.Generator, like: FloatArray) -> FloatArray:
    vectors = rng.normal(size=like.shape).astype(np.float32)
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit


def _times_ms(work: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    work(questions[0])
    times = []
    for question in questions:
        started = time.perf_counter()
        work(question)
        times.append(1000 * (time.perf_counter() - started))
    return times
