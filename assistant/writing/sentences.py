"""Words an answer: by the model, a sentence at a time, or by a template."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage

from assistant.core.figures import render_figure
from assistant.core.languages import Language
from assistant.core.records import Evidence
from assistant.core.text import ends_abbreviation
from assistant.reading.candidates import Chosen
from assistant.writing import prompts

MAX_SENTENCES = 6
"""Sentences after which a model is cut off as running on."""

# A sentence end with its citation markers; decimal points and dates have no white space after them.
_END = re.compile(
    r"""(?:(?<!\d)\.|(?<=[\d][\d%])\.(?!\s*\d)|[!?…])["'”’»)]*(?:\s*\[[\d,\s]+\])*(?=\s+[^\s\[])|\n+"""
)


def model_sentences(model: BaseChatModel, messages: list[BaseMessage], **options: Any) -> Iterator[str]:
    """The model's sentences, each as soon as it is complete; ``options`` are given to its ``stream``.

    Stops when the model repeats itself or runs on.
    """
    seen: set[str] = set()
    for sentence in _whole_sentences(model, messages, options):
        if sentence in seen or len(seen) == MAX_SENTENCES:
            return
        seen.add(sentence)
        yield sentence


def figure_sentence(chosen: Chosen, language: Language) -> str:
    """The template sentence that states a chosen figure."""
    source = prompts.source_phrase(chosen.evidence, language)
    return prompts.render(
        "figure", language, "template", source=source, figure=render_figure(chosen.figure, language)
    )


def quotation(evidence: Evidence, language: Language) -> str:
    """A sentence quoted from an article, with its source."""
    return prompts.render(
        "quotation",
        language,
        "template",
        source=prompts.source_phrase(evidence, language),
        quote=" ".join(evidence.quote.split()),
    )


def _whole_sentences(
    model: BaseChatModel, messages: list[BaseMessage], options: Mapping[str, Any]
) -> Iterator[str]:
    buffer = ""
    for chunk in model.stream(messages, **options):
        buffer += str(chunk.content)
        while match := next(
            (m for m in _END.finditer(buffer) if not ends_abbreviation(buffer[: m.end()])), None
        ):
            sentence, buffer = buffer[: match.end()].strip(), buffer[match.end() :]
            if sentence:
                yield sentence
    if buffer.strip():
        yield buffer.strip()
