"""Answers questions in Korean, Vietnamese or English from stored articles, with verified citations."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answering.pipeline import AnswerPipeline, Ask
    from assistant.core.archive import Archive
    from assistant.core.records import Answer, Filters, Turn
    from assistant.core.settings import Settings, load_settings
    from assistant.langchain import NewsRetriever
    from assistant.models.choice import choose_model
    from assistant.models.engines import open_model
    from assistant.retrieval.retriever import Retriever

_PLACES = {
    "Answer": "core.records",
    "AnswerPipeline": "answering.pipeline",
    "Archive": "core.archive",
    "Ask": "answering.pipeline",
    "Filters": "core.records",
    "NewsRetriever": "langchain",
    "Retriever": "retrieval.retriever",
    "Settings": "core.settings",
    "Turn": "core.records",
    "choose_model": "models.choice",
    "load_settings": "core.settings",
    "open_model": "models.engines",
}

__all__ = [
    "Answer",
    "AnswerPipeline",
    "Archive",
    "Ask",
    "Filters",
    "NewsRetriever",
    "Retriever",
    "Settings",
    "Turn",
    "choose_model",
    "load_settings",
    "open_model",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use: some take a second, and no command needs them all."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
