"""Speed of the parts, as ratios within one run."""

import statistics
import time
from collections.abc import Callable, Sequence

from assistant.answer import AnswerPipeline
from assistant.core.archive import Archive
from assistant.evidence import select_evidence
from assistant.question import understand
from eval.cases import Case

_ROUNDS = 5


def speed(archive: Archive, pipeline: AnswerPipeline, cases: Sequence[Case]) -> dict[str, float]:
    """Median milliseconds of embedding a question and of retrieving with evidence (embedding included), and their ratio."""

    def retrieve(question: str) -> None:
        understood = understand(question)
        select_evidence(understood, pipeline.retriever.retrieve(understood))

    questions = [case.question for case in cases]
    embed_ms = _median_ms(archive.embedder.query, questions)
    retrieve_ms = _median_ms(retrieve, questions)
    return {"embed_ms": round(embed_ms, 1), "retrieve_ms": round(retrieve_ms, 1), "ratio": round(retrieve_ms / embed_ms, 2)}


def _median_ms(work: Callable[[str], object], questions: Sequence[str]) -> float:
    work(questions[0])
    times = []
    for question in list(questions) * _ROUNDS:
        started = time.perf_counter()
        work(question)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)
