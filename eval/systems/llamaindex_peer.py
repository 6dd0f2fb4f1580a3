"""LlamaIndex's citation query engine as a peer, with the product's embedder and language model. Needs the extra ``peers``."""

import re
import time
from collections.abc import Sequence
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import NodeWithScore
from pydantic import PrivateAttr

from assistant.core.records import Article, Evidence
from assistant.core.settings import LlmSettings
from eval.dataset.cases import Case
from eval.systems.langchain_peer import RawVectors
from eval.systems.peer_records import located, with_header, written_record
from eval.systems.product import AnswerRecord
from eval.systems.timed import TimedModel

_N_CHUNKS = 3
"""As in the engine's documentation."""
_LABEL = re.compile(r"\ASource \d+:\n")


def dense_index(articles: Sequence[Article], embedder: RawVectors) -> VectorStoreIndex:
    """The articles cut by LlamaIndex's own splitter, in its index in memory, as its documentation fills it."""
    documents = [
        Document(
            text=with_header(article),
            metadata={"article": article.id},
            excluded_embed_metadata_keys=["article"],
            excluded_llm_metadata_keys=["article"],
        )
        for article in articles
    ]
    return VectorStoreIndex.from_documents(documents, embed_model=_Embedding(embedder))


class CitationEngine:
    """``CitationQueryEngine`` as documented: 512-token sources from the three nearest chunks, its own prompts, no history."""

    def __init__(
        self, articles: Sequence[Article], embedder: RawVectors, model: TimedModel, llm: LlmSettings
    ) -> None:
        """Cut and embed the articles."""
        self._articles, self.model = {article.id: article for article in articles}, model
        index = dense_index(articles, embedder)
        self._engine = CitationQueryEngine.from_args(
            index, llm=_Model(model, llm), similarity_top_k=_N_CHUNKS
        )

    def answer(self, case: Case) -> AnswerRecord:
        """The engine's answer, with its source numbers."""
        started = time.perf_counter()
        response = self._engine.query(case.question)
        return written_record(
            case.question, str(response), self._places(response.source_nodes), started, is_marked=True
        )

    def retrieved(self, case: Case) -> list[Evidence]:
        """The chunks that are cut into sources."""
        return [place for place in self._places(self._engine.retriever.retrieve(case.question)) if place]

    def _places(self, nodes: Sequence[NodeWithScore]) -> list[Evidence | None]:
        return [
            located(self._articles[n.node.metadata["article"]], _LABEL.sub("", n.node.get_content()))
            for n in nodes
        ]


class _Model(CustomLLM):
    """The product's language model behind LlamaIndex's interface."""

    _model: TimedModel = PrivateAttr()
    _settings: LlmSettings = PrivateAttr()

    def __init__(self, model: TimedModel, settings: LlmSettings) -> None:
        super().__init__()
        self._model, self._settings = model, settings

    @property
    def metadata(self) -> LLMMetadata:
        """Context size and output length."""
        return LLMMetadata(context_window=self._settings.context_tokens, num_output=self._settings.max_tokens)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:  # noqa: ARG002
        """A whole answer."""
        return CompletionResponse(text=str(self._model.invoke(prompt).content))

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """The same answer as a single chunk."""
        yield self.complete(prompt, formatted, **kwargs)


class _Embedding(BaseEmbedding):
    """The product's embedder behind LlamaIndex's interface, with the language directions left in."""

    _vectors: RawVectors = PrivateAttr()

    def __init__(self, vectors: RawVectors) -> None:
        super().__init__()
        self._vectors = vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._vectors.raw_passages(texts).tolist()
        return vectors

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self._vectors.raw_queries([query])[0].tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)
