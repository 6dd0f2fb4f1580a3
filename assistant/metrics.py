"""What a monitoring system reads at ``/metrics``: answers by outcome, their times, the archive's size, memory and CPU time."""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from assistant.core.archive import Archive
from assistant.core.records import Answer

METRICS_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.1, 0.3, 1, 3, 10, 30, 100)


class Metrics:
    """Counts the answers of this process; neither questions nor users are recorded."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._answers = Counter(
            "news_answers", "Finished answers", ("status", "language"), registry=self._registry
        )
        self._seconds = Histogram(
            "news_answer_seconds",
            "Time from the question to a part of the answer",
            ("part",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._articles = Gauge("news_articles", "Stored articles", registry=self._registry)
        self._pending = Gauge("news_pending", "Articles not yet in the index", registry=self._registry)
        self._is_ok = Gauge("news_index_ok", "1 while the index follows the store", registry=self._registry)

    def observe(self, answer: Answer) -> None:
        """Count a finished answer."""
        self._answers.labels(answer.status, answer.language).inc()
        for part in ("first_sentence", "total"):
            if part in answer.timings_ms:
                self._seconds.labels(part).observe(answer.timings_ms[part] / 1000)

    def text(self, archive: Archive) -> bytes:
        """Everything in Prometheus's text format."""
        state = archive.state()
        self._articles.set(archive.store.counts()["articles"])
        self._pending.set(state.pending)
        self._is_ok.set(state.is_ok)
        return generate_latest(self._registry)
