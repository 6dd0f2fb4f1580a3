"""Polls the same sources, so that new files in a folder are ingested."""

import time
from collections.abc import Callable, Iterator, Sequence

from ingest.ingester import Ingester, IngestOutcome, Result
from ingest.sources import find_sources


def watch(
    ingester: Ingester, paths: Sequence[str], interval_s: float, sleep: Callable[[float], None] = time.sleep
) -> Iterator[list[Result]]:
    """Ingest the paths every ``interval_s`` seconds, forever; yields each round's results but unchanged sources.

    A source that keeps failing with the same error is reported only once.
    """
    reported: set[tuple[str, str | None]] = set()
    while True:
        results = [
            result
            for result in ingester.add(find_sources(paths))
            if result.outcome is not IngestOutcome.UNCHANGED
        ]
        yield [
            r
            for r in results
            if r.outcome is not IngestOutcome.FAILED or (r.source.url, r.reason) not in reported
        ]
        reported = {(r.source.url, r.reason) for r in results if r.outcome is IngestOutcome.FAILED}
        sleep(interval_s)
