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
_LEAST, _MOST_MS = 10, 60_000
"""Questions that any index is asked, and the time after which a slow one is asked no more."""
_FOUND = 40
"""Chunks that LangChain is asked for: as many as the retriever takes from each of its searches."""


def index_speed(archive: Archive, questions: Sequence[str]) -> list[Row]:
    """For each index over the archive's passages, what retrieval costs beside embedding the question.

    Each question is embedded, and then asked of the index, which embeds it again; a slow index is asked the first
    questions only (``asked``). ``p50`` and ``p95`` are percentiles of a question's time over that of its embedding;
    ``ms`` is the median.

    Raises:
        EvalError: LangChain's packages are not installed.
    """
    with peers_extra():
        from eval.systems.langchain_peer import hybrid_store
    client, settings = QdrantClient(":memory:"), IndexSettings()
    with warnings.catch_warnings():
        # It says that it has no payload indexes, and that it is slow from 20,000 points: that is what is measured
        warnings.simplefilter("ignore", UserWarning)
        local = _Empty(client, settings, archive.fingerprint)
        archive.store.enqueue({passage.rpartition(":")[0] for passage in archive.store.passage_ids()})
        archive.store.synchronise(local)
    chain = hybrid_store(client, settings.collection, archive.embedder, DENSE, LEXICAL)
    theirs = Archive(archive.store, archive.embedder, local, archive.fingerprint)
    ours, same = (Retriever(each, n_passages=_PASSAGES) for each in (archive, theirs))
    ways: dict[str, Callable[[str], object]] = {
        "edge": lambda question: ours.retrieve(understand(question)),
        "local": lambda question: same.retrieve(understand(question)),
        "langchain": lambda question: chain.similarity_search(question, k=_FOUND),
    }
    passages = archive.store.counts()["passages"]
    rows: list[Row] = [
        {"index": name, "passages": passages} | _costs(archive.embedder.query, way, questions)
        for name, way in ways.items()
    ]
    local.close()
    return rows


def growth(rows: Sequence[Row]) -> dict[str, float]:
    """For each index, ``p50`` at the most passages over that at the fewest."""
    found: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["passages"]):
        found.setdefault(row["index"], []).append(row)
    return {name: round(of[-1]["p50"] / of[0]["p50"], 2) for name, of in found.items()}


class _Empty(ServerIndex):
    """An index that is filled for the first time: looking for what is to go would take longer than all the rest."""

    def delete(self, article_ids: Sequence[str], keep: Sequence[str] = ()) -> None:
        """Do nothing."""


def _costs(
    embed: Callable[[str], object], retrieve: Callable[[str], object], questions: Sequence[str]
) -> dict[str, float]:
    retrieve(questions[0])
    pairs: list[tuple[float, float]] = []
    for question in questions:
        pairs.append((_ms(embed, question), _ms(retrieve, question)))
        if sum(spent for _, spent in pairs) > _MOST_MS and len(pairs) >= _LEAST:
            break
    ratios = [spent / embedding for embedding, spent in pairs]
    return {
        "asked": len(pairs),
        "ms": round(statistics.median(spent for _, spent in pairs), 1),
        "p50": round(statistics.median(ratios), 2),
        "p95": round(statistics.quantiles(ratios, n=20)[-1], 2),
    }


def _ms(work: Callable[[str], object], question: str) -> float:
    started = time.perf_counter()
    work(question)
    return 1000 * (time.perf_counter() - started)
