"""What retrieval costs as the archive grows: Qdrant Edge, ``qdrant-client``'s local mode, LangChain's store on the latter."""

import statistics
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from qdrant_client import QdrantClient

from assistant.core.archive import Archive
from assistant.core.index.interface import DENSE, LEXICAL
from assistant.core.index.server import ServerIndex
from assistant.core.settings import IndexSettings
from assistant.question.understand import understand
from assistant.retrieval.retriever import Retriever
from eval.systems.extra import peers_extra

Row: TypeAlias = Mapping[str, Any]
_PASSAGES = 8
_FOUND = 40
"""Chunks that LangChain is asked for: as many as the retriever takes from each of its searches."""


def index_speed(archive: Archive, questions: Sequence[str]) -> list[Row]:
    """For each index over the archive's passages, what retrieval costs beside embedding the question.

    Every question is embedded, and then asked of one index after the other. ``p50`` and ``p95`` are percentiles
    of a question's time over that of its embedding, which each retrieval repeats; ``ms`` is the median.

    Raises:
        EvalError: LangChain's packages are not installed.
    """
    with peers_extra():
        from eval.systems.langchain_peer import hybrid_store
    client, settings = QdrantClient(":memory:"), IndexSettings()
    with warnings.catch_warnings():
        # It says that it has no payload indexes, and that it is slow from 20,000 points: that is what is measured
        warnings.simplefilter("ignore", UserWarning)
        local = ServerIndex(client, settings, archive.fingerprint)
        archive.store.enqueue({passage.rpartition(":")[0] for passage in archive.store.passage_ids()})
        archive.store.synchronise(local)
    chain = hybrid_store(client, settings.collection, archive.embedder, DENSE, LEXICAL)
    theirs = Archive(archive.store, archive.embedder, local, archive.fingerprint)
    ours, same = (Retriever(each, n_passages=_PASSAGES) for each in (archive, theirs))
    ways: dict[str, Callable[[str], object]] = {
        "embedding": archive.embedder.query,
        "edge": lambda question: ours.retrieve(understand(question)),
        "local": lambda question: same.retrieve(understand(question)),
        "langchain": lambda question: chain.similarity_search(question, k=_FOUND),
    }
    for way in ways.values():
        way(questions[0])
    times = [{name: _ms(way, question) for name, way in ways.items()} for question in questions]
    local.close()
    passages = archive.store.counts()["passages"]
    return [{"index": name, "passages": passages} | _row(times, name) for name in ways if name != "embedding"]


def growth(rows: Sequence[Row]) -> dict[str, float]:
    """For each index, ``p50`` at the most passages over that at the fewest."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["passages"]):
        found.setdefault(row["index"], []).append(row)
    return {name: round(of[-1]["p50"] / of[0]["p50"], 2) for name, of in found.items()}


def _row(times: Sequence[Mapping[str, float]], name: str) -> dict[str, Any]:
    ratios = [each[name] / each["embedding"] for each in times]
    return {
        "ms": round(statistics.median(each[name] for each in times), 1),
        "p50": round(statistics.median(ratios), 2),
        "p95": round(statistics.quantiles(ratios, n=20)[-1], 2),
    }


def _ms(work: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    work(question)
    return 1000 * (time.perf_counter() - started)
