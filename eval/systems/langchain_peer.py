"""LangChain's own defaults as a peer: its splitter, its Qdrant store with hybrid mode, and its retrieval chain.

Embedder and language model are the product's. Needs the extra ``peers``. The sparse model in LangChain's
documentation comes from a model hub; counts of whitespace-separated words stand in for it.
"""

import time
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from langchain_classic.chains import create_retrieval_chain
from langchain_classic.chains.combine_documents import create_stuff_documents_chain
from langchain_classic.chains.question_answering.stuff_prompt import CHAT_PROMPT
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_qdrant import QdrantVectorStore, RetrievalMode
from langchain_qdrant.sparse_embeddings import SparseEmbeddings, SparseVector
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray
from qdrant_client import QdrantClient

from assistant.core.embedding import FloatArray
from assistant.core.lexical import query_vector
from assistant.core.records import Article, Evidence
from assistant.question.understand import understand
from eval.dataset.cases import Case
from eval.dataset.public_sets import Reading
from eval.systems.peer_records import located, with_header, written_record
from eval.systems.product import AnswerRecord
from eval.systems.timed import TimedModel

CHUNK_CHARS, CHUNK_OVERLAP = 1000, 200
_FOUND = 40


class RawVectors(Protocol):
    """An embedder that gives raw vectors."""

    def raw_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions, shape (texts, dimensions)."""

    def raw_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of passages, shape (texts, dimensions)."""


def hybrid(reading: Reading, embedder: RawVectors) -> NDArray[np.float64]:
    """Scores of the documents by their best chunk, shape (questions, documents).

    0 for documents without a chunk among the top results.
    """
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=CHUNK_OVERLAP)
    chunks = splitter.create_documents(
        list(reading.documents), [{"document": n} for n in range(len(reading.documents))]
    )
    store = QdrantVectorStore.from_documents(
        chunks,
        AsEmbeddings(embedder),
        location=":memory:",
        retrieval_mode=RetrievalMode.HYBRID,
        sparse_embedding=WordCounts(),
    )
    scores = np.zeros((len(reading.questions), len(reading.documents)))
    for q, question in enumerate(reading.questions):
        for chunk, score in store.similarity_search_with_score(question, k=_FOUND):
            document = chunk.metadata["document"]
            scores[q, document] = max(scores[q, document], score)
    store.client.close()
    return scores


def dense_store(articles: Sequence[Article], embedder: RawVectors) -> QdrantVectorStore:
    """The articles cut by LangChain's splitter, in its store in memory, as its documentation fills it."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=CHUNK_OVERLAP)
    chunks = splitter.create_documents(
        [with_header(a) for a in articles], [{"article": n} for n in range(len(articles))]
    )
    return QdrantVectorStore.from_documents(chunks, AsEmbeddings(embedder), location=":memory:")


def hybrid_store(
    client: QdrantClient, collection: str, embedder: RawVectors, dense: str, sparse: str
) -> QdrantVectorStore:
    """LangChain's hybrid search of a collection that is there already, with the product's own terms of a question."""
    return QdrantVectorStore(
        client,
        collection,
        AsEmbeddings(embedder),
        retrieval_mode=RetrievalMode.HYBRID,
        vector_name=dense,
        sparse_embedding=Terms(),
        sparse_vector_name=sparse,
        validate_collection_config=False,
    )


class RetrievalChain:
    """``create_retrieval_chain`` as documented: the four nearest chunks, LangChain's own prompt, no history."""

    def __init__(self, articles: Sequence[Article], embedder: RawVectors, model: TimedModel) -> None:
        """Cut and embed the articles."""
        self._articles, self.model = articles, model
        self._retriever = dense_store(articles, embedder).as_retriever()
        self._chain = create_retrieval_chain(
            self._retriever, create_stuff_documents_chain(model, CHAT_PROMPT)
        )

    def answer(self, case: Case) -> AnswerRecord:
        """The chain's answer; every sentence cites all its chunks."""
        started = time.perf_counter()
        found = self._chain.invoke({"input": case.question, "question": case.question})
        return written_record(
            case.question, found["answer"], self._places(found["context"]), started, is_marked=False
        )

    def retrieved(self, case: Case) -> list[Evidence]:
        """The chunks in the prompt."""
        return self._places(self._retriever.invoke(case.question))

    def _places(self, chunks: Sequence[Document]) -> list[Evidence]:
        places = [located(self._articles[chunk.metadata["article"]], chunk.page_content) for chunk in chunks]
        return [place for place in places if place]


class AsEmbeddings(Embeddings):
    """The product's embedder behind LangChain's interface, with the language directions left in."""

    def __init__(self, embedder: RawVectors) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages."""
        vectors: list[list[float]] = self._embedder.raw_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        vector: list[float] = self._embedder.raw_queries([text])[0].tolist()
        return vector


class WordCounts(SparseEmbeddings):
    """Whitespace-separated words and how often each occurs."""

    def embed_documents(self, texts: list[str]) -> list[SparseVector]:
        """Vectors of passages."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> SparseVector:
        """The vector of a question."""
        counts = Counter(zlib.crc32(word.encode()) for word in text.lower().split())
        return SparseVector(indices=list(counts), values=[float(n) for n in counts.values()])


class Terms(SparseEmbeddings):
    """The product's own terms of a question in its own language."""

    def embed_documents(self, texts: list[str]) -> list[SparseVector]:
        """Vectors of questions."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> SparseVector:
        """The vector of a question."""
        language = understand(text).language
        terms = query_vector(text, language, language)
        return SparseVector(indices=list(terms.indices), values=list(terms.values))
