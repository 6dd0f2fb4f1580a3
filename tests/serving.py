"""Page and API as one server on loopback."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from assistant.access import Access
from assistant.answering.pipeline import AnswerPipeline
from assistant.api import build_api
from assistant.core.archive import Archive
from assistant.core.settings import IngestSettings, PageSettings
from assistant.metrics import Metrics
from assistant.page import build_page, mount_page
from assistant.page.articles_tab import ArticlesTab
from ingest.worker import Worker


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application; yields its address."""
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def whole_page(
    pipeline: AnswerPipeline, archive: Archive, folder: Path, page: PageSettings | None = None
) -> FastAPI:
    """The application that ``python -m assistant serve`` serves; keeps users, uploads and keys in the folder."""
    access = Access(page or PageSettings(questions_per_minute=1000), folder)
    worker = Worker(archive.store, archive.embedder)
    panel = ArticlesTab(archive, worker, IngestSettings(allow_private=True), folder / "uploads")
    blocks = build_page(pipeline, archive, access, panel, report=folder / "latest.json")
    return mount_page(build_api(pipeline, archive, access, Metrics()), blocks, archive, access)
