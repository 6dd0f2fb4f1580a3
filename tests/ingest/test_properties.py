"""Whatever is added, changed, removed or cut short, in any order: at the end the archive holds exactly what is there."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from fakes import Crash, CrashingIndex, HashEmbedder
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder, EmbedderIdentity
from assistant.core.index import EdgeIndex, Fingerprint
from assistant.core.index.interface import VectorIndex
from ingest.ingester import Ingester, Result
from ingest.sources import find_sources
from ingest.worker import Worker

FINGERPRINT = Fingerprint(EmbedderIdentity("m", "r", "", "", HashEmbedder.dimensions), "1")
names = st.sampled_from(["a.txt", "b.txt", "c.txt"])
amounts = st.integers(2, 5)


class Ingesting(RuleBasedStateMachine):
    """Files come, change and go; an ingest runs to its end or is cut short anywhere; another process starts anew."""

    def __init__(self) -> None:
        super().__init__()
        self.temporary = TemporaryDirectory()
        self.folder = Path(self.temporary.name) / "articles"
        self.folder.mkdir()
        (self.folder / "always.txt").write_text("머리\n\n항상 있다.\n")
        self.store = ArticleStore(f"sqlite:///{self.temporary.name}/a.sqlite")
        self.index = EdgeIndex(Path(self.temporary.name) / "index", FINGERPRINT)

    @rule(name=names, amount=amounts)
    def write(self, name: str, amount: int) -> None:
        (self.folder / name).write_text(f"제목\n\n예산은 {amount}조 원이다. 기금은 {amount + 1}조 원이다.\n")

    @rule()
    def ingest(self) -> None:
        list(self._adding())
        self.store.synchronise(self.index)
        texts = {file.read_text().split("\n\n")[1].strip() for file in self.folder.iterdir()}
        stored = [a.text[a.body_start :].strip() for a in self.store.articles()]
        assert sorted(stored) == sorted(texts)
        assert {row.url for row in self.store.ledger.rows()} == {
            file.as_uri() for file in self.folder.resolve().iterdir()
        }
        assert self.store.counts()["waiting"] == self.store.counts()["pending"] == 0

    @rule(results=st.integers(0, 3))
    def stop_an_ingest_after(self, results: int) -> None:
        adding = self._adding()
        list(islice(adding, results))
        adding.close()

    @rule()
    def fail_to_embed(self) -> None:
        embedder = HashEmbedder()
        embedder.fails_at = "조"
        list(self._adding(embedder))

    @rule(n=st.integers(1, 3))
    def die_with_articles_claimed(self, n: int) -> None:
        self.store.queue.claim(n)

    @precondition(lambda self: self.store.counts()["pending"])
    @rule()
    def crash_while_indexing(self) -> None:
        with pytest.raises(Crash):
            self.store.synchronise(cast(VectorIndex, CrashingIndex()))

    @rule(name=names)
    def remove(self, name: str) -> None:
        row = self.store.ledger.row((self.folder.resolve() / name).as_uri())
        if row and row.article_id:
            self.store.remove(row.article_id)

    @rule()
    def start_another_process(self) -> None:
        self.store.close()
        self.index.close()
        self.store = ArticleStore(f"sqlite:///{self.temporary.name}/a.sqlite")
        self.index = EdgeIndex(Path(self.temporary.name) / "index", FINGERPRINT)

    @invariant()
    def every_passage_lies_in_its_article(self) -> None:
        articles = {article.id: article for article in self.store.articles()}
        for passage in self.store.passages(self.store.passage_ids()).values():
            article = articles[passage.passage.article_id]
            assert article.body_start <= passage.passage.start < passage.passage.end <= len(article.text)

    def teardown(self) -> None:
        self.store.close()
        self.index.close()
        self.temporary.cleanup()

    def _adding(self, embedder: HashEmbedder | None = None) -> Iterator[Result]:
        work = Worker(self.store, cast(Embedder, embedder or HashEmbedder())).work
        return Ingester(self.store, work).add(find_sources([str(self.folder)]))


Ingesting.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestIngesting = Ingesting.TestCase
