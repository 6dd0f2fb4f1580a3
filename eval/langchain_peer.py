"""LangChain's own defaults as a peer: its splitter, its Qdrant store and that store's hybrid mode, on the same embedder.

Needs the extra ``peers``. The sparse model that LangChain's documentation names comes from a hub; counts of the words between white
space stand in for it.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_qdrant import QdrantVectorStore, RetrievalMode
from langchain_qdrant.sparse_embeddings import SparseEmbeddings, SparseVector
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray

from assistant.core.embedding import FloatArray
from eval.readings import Reading

CHUNK_CHARS, CHUNK_OVERLAP = 1000, 200
_FOUND = 40


class RawVectors(Protocol):
    """What makes vectors."""

    def raw_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of questions, shape (texts, dimensions)."""

    def raw_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors of passages, shape (texts, dimensions)."""


def hybrid(reading: Reading, embedder: RawVectors) -> NDArray[np.float64]:
    """Scores of the documents, shape (questions, documents), by their best chunk; 0 for those not among the first chunks."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=CHUNK_OVERLAP)
    chunks = splitter.create_documents(list(reading.documents), [{"document": n} for n in range(len(reading.documents))])
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


class AsEmbeddings(Embeddings):
    """The product's embedder as LangChain's, its language directions left in."""

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
    """Words between white space and how often each occurs."""

    def embed_documents(self, texts: list[str]) -> list[SparseVector]:
        """Vectors of passages."""
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> SparseVector:
        """The vector of a question."""
        counts = Counter(zlib.crc32(word.encode()) for word in text.lower().split())
        return SparseVector(indices=list(counts), values=[float(n) for n in counts.values()])
