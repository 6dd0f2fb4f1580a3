"""The product and its alternatives, on the same articles, model and vectors."""

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.errors import EvalError
from assistant.core.settings import LlmSettings
from eval.systems.extra import peers_extra
from eval.systems.product import Product, QuotationOnly, System
from eval.systems.timed import TimedModel


def peers(archive: Archive, pipeline: AnswerPipeline, llm: LlmSettings) -> dict[str, System]:
    """The product and everything it is compared with, by name.

    Raises:
        EvalError: There is no language model, or the peers' packages are not installed.
    """
    if not isinstance(pipeline.model, TimedModel):
        raise EvalError(
            "The peers write with the same language model: set NEWS_LLM__ENGINE to another engine than none."
        )
    with peers_extra():
        from eval.systems.langchain_peer import RetrievalChain
        from eval.systems.llamaindex_peer import CitationEngine
    articles = archive.store.articles()
    return {
        "this": Product(pipeline),
        "LangChain": RetrievalChain(articles, archive.embedder, pipeline.model),
        "LlamaIndex": CitationEngine(articles, archive.embedder, pipeline.model, llm),
        "quotations": QuotationOnly(pipeline),
    }
