"""Decides whether a sentence's citations support it, from the texts alone, without the pipeline's own record."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.core.entities import find_attributes, find_names
from assistant.core.figures import Figure, agrees, read_figures, render_date
from assistant.core.figures.agreement import with_units_of
from assistant.core.figures.rates import rate_of, rates_of
from assistant.core.languages import Language
from assistant.core.records import SentenceOutcome

Record = Mapping[str, Any]
"""A sentence or a citation as it appears in the answer record."""

LABELS = Path(__file__).parents[1] / "data" / "support.jsonl"
"""Gold answers paired with their own or other words of the same articles, labelled by a person as supported or
not.
"""
_QUOTED = re.compile(r"“(.*)”", re.DOTALL)


def unsupported_figures(sentence: Record, citations: Sequence[Record], language: Language) -> list[Figure]:
    """The figures of a sentence that agree with no figure in the words cited.

    Of a quotation, only the figures inside the quotation marks are checked.
    """
    read = [(citation, _read(citation["quote"], citation)) for citation in citations]
    sources = [
        figure for _, beside in read for one in beside for figure in (one, *with_units_of(beside, one))
    ]
    rates = {
        unit for citation, _ in read for unit in rates_of(citation["quote"], Language(citation["language"]))
    }
    published = _day(citations[0]) if citations else None
    stated = read_figures(_without_sources(sentence["text"], citations, language), language, published)
    if sentence["outcome"] == SentenceOutcome.QUOTED:
        stated = tuple(figure for citation in citations[:1] for figure in _read(_quoted(sentence), citation))
    return [
        f
        for f in stated
        if rate_of(f) not in rates and not any(agrees(f, source, published) for source in sources)
    ]


def is_supported(sentence: Record, citations: Sequence[Record], language: Language) -> bool:
    """Whether the words cited support a sentence.

    A quotation must appear in them. Any other sentence must have all its figures there, and at least half of its
    listed names and attributes there or in the article titles; words that are not listed are ignored.
    """
    if not citations:
        return False
    if sentence["outcome"] == SentenceOutcome.QUOTED:
        return any(_quoted(sentence) in " ".join(citation["quote"].split()) for citation in citations)
    if unsupported_figures(sentence, citations, language):
        return False
    text = _without_sources(sentence["text"], citations, language)
    for figure in reversed(read_figures(text, language)):  # "US dollars" and "up to" are checked above
        text = text[: figure.start] + text[figure.end :]
    spoken = [name for name in find_names(text, language) if name.is_known] + list(
        find_attributes(text, language)
    )
    held = "\n".join(f"{citation['title']}\n{citation['quote']}" for citation in citations)
    return not spoken or sum(name.is_in(held) for name in spoken) >= len(spoken) / 2


def recall_and_precision(
    sentence: Record, citations: Sequence[Record], language: Language
) -> tuple[float, list[float]]:
    """Citation recall of a sentence and precision of each of its citations, 0 or 1 (ALCE, Gao et al. 2023).

    A sentence is recalled if all its citations together support it. A citation of such a sentence is precise
    unless it does not support the sentence alone and the others do so without it; citations of an unsupported
    sentence are not precise.
    """
    if not is_supported(sentence, citations, language):
        return 0.0, [0.0] * len(citations)
    others = ([c for c in citations if c is not one] for one in citations)
    precise = [
        is_supported(sentence, [one], language) or not is_supported(sentence, rest, language)
        for one, rest in zip(citations, others, strict=True)
    ]
    return 1.0, [float(mark) for mark in precise]


def agreement_with_labels() -> tuple[int, int]:
    """How many hand-labelled sentences ``is_supported`` judges as labelled, and how many there are."""
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    judged = [
        is_supported(
            each | {"outcome": SentenceOutcome.VERIFIED}, each["citations"], Language(each["language"])
        )
        for each in labels
    ]
    return sum(mark is each["supported"] for mark, each in zip(judged, labels, strict=True)), len(labels)


def _quoted(sentence: Record) -> str:
    match = _QUOTED.search(sentence["text"])
    return match[1] if match else sentence["text"]


def _read(text: str, citation: Record) -> tuple[Figure, ...]:
    return read_figures(text, Language(citation["language"]), _day(citation))


def _day(citation: Record) -> date | None:
    return date.fromisoformat(citation["published"]) if citation["published"] else None


def _without_sources(text: str, citations: Sequence[Record], language: Language) -> str:
    """A sentence without publisher and publication date, which are added by code and stated in no article."""
    for citation in citations:
        if citation["published"]:
            text = text.replace(f"({citation['published']})", "").replace(
                render_date(citation["published"], language), ""
            )
        if citation["publisher"]:
            text = text.replace(" ".join(citation["publisher"].split()), "")
    return text
