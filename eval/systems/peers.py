"""The product and its alternatives, on the same articles, model and vectors."""

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.errors import EvalError
from assistant.core.settings import LlmSettings
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
    try:
        from eval.systems.langchain_peer import RetrievalChain  # optional extra that no other command needs
        from eval.systems.llamaindex_peer import CitationEngine
    except ImportError as exc:
        raise EvalError(
            f"{exc}. Install what the product is compared with: pip install -c constraints.txt -e '.[peers]'"
        ) from exc
    articles = archive.store.articles()
    return {
        "this": Product(pipeline),
        "LangChain": RetrievalChain(articles, archive.embedder, pipeline.model),
        "LlamaIndex": CitationEngine(articles, archive.embedder, pipeline.model, llm),
        "quotations": QuotationOnly(pipeline),
    }
