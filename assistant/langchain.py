"""The retriever as a LangChain ``BaseRetriever``; the pipeline already is a ``Runnable``."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.core.records import Filters
from assistant.question.understand import understand
from assistant.retrieval.retriever import Retriever


class NewsRetriever(BaseRetriever):
    """LangChain adapter for ``Retriever``: documents are passages, with their offsets as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    retriever: Retriever
    filters: Filters = Filters()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        return [
            Document(
                hit.article.text[hit.passage.start : hit.passage.end],
                id=hit.passage.id,
                metadata={
                    "article_id": hit.article.id,
                    "title": hit.article.title,
                    "publisher": hit.article.publisher,
                    "published": str(hit.article.published or ""),
                    "language": str(hit.article.language),
                    "url": hit.article.url,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "score": hit.score,
                },
            )
            for hit in self.retriever.retrieve(understand(query, filters=self.filters)).hits
        ]
