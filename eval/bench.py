"""Speed of the parts, as ratios within one run."""

import statistics
import time
from collections.abc import Callable, Sequence

from assistant.answer import AnswerPipeline
from assistant.core.archive import Archive
from assistant.evidence import select_evidence
from assistant.question import understand
from eval.cases import Case


def speed(archive: Archive, pipeline: AnswerPipeline, cases: Sequence[Case]) -> dict[str, float]:
    """Median milliseconds of embedding a question, of retrieving with evidence, and of both and choosing a figure.

    ``ratio`` and ``figure_ratio`` are the last two in units of the first; ``p95_ratio`` is that of the slowest twentieth of
    retrievals with evidence.
    """

    def retrieve(question: str) -> None:
        understood = understand(question)
        select_evidence(understood, pipeline.retriever.retrieve(understood))

    def choose(question: str) -> None:
        pipeline.prepare(understand(question))

    questions = [case.question for case in cases]
    embed_ms, retrieve_ms, choose_ms = (_times_ms(work, questions) for work in (archive.embedder.query, retrieve, choose))
    embed = statistics.median(embed_ms)
    return {
        "embed_ms": round(embed, 1),
        "retrieve_ms": round(statistics.median(retrieve_ms), 1),
        "ratio": round(statistics.median(retrieve_ms) / embed, 2),
        "p95_ratio": round(statistics.quantiles(retrieve_ms, n=20)[-1] / embed, 2),
        "figure_ratio": round(statistics.median(choose_ms) / embed, 2),
    }


def _times_ms(work: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    work(questions[0])
    times = []
    for question in questions:
        started = time.perf_counter()
        work(question)
        times.append(1000 * (time.perf_counter() - started))
    return times
