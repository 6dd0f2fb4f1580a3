from dataclasses import replace
from pathlib import Path

import pytest

from assistant.core.archive import Archive
from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import SettingsError
from assistant.core.index import EdgeIndex, Fingerprint
from assistant.core.languages import Language
from assistant.core.queue import Queued
from assistant.core.records import Article
from assistant.question.understand import understand
from assistant.retrieval.retriever import Retriever
from ingest.stories import text_digest
from ingest.worker import Worker

pytestmark = pytest.mark.weights


def test_an_archive_that_another_process_rebuilt_is_not_searched_with_the_old_embedder(
    tmp_path: Path, embedder: Embedder
) -> None:
    fingerprint = Fingerprint(embedder.identity, "1")
    store = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    store.require_fingerprint(fingerprint)
    archive = Archive(store, embedder, EdgeIndex(tmp_path / "index", fingerprint), fingerprint)
    worker = Worker(store, embedder)
    text = "가람시의 AI 예산은 412억 원이다."
    store.queue.put(Queued(Article("a", "file:///a", "", text, Language.KO), text_digest(text), ""))
    worker.work()
    archive.synchronise()
    retriever = Retriever(archive, n_passages=3)
    assert [hit.article.id for hit in retriever.retrieve(understand("예산은?")).hits] == ["a"]
    other = ArticleStore(f"sqlite:///{tmp_path / 'a.sqlite'}")
    other.rebuild(replace(fingerprint, chunker="2"), lambda article: worker.embed([article])[0])
    other.close()
    with pytest.raises(SettingsError, match="Start this program again"):
        retriever.retrieve(understand("예산은?"))
    archive.close()
