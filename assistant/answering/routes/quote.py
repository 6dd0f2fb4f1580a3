"""Quotes the articles: the nearest sentence while an answer is in progress, and if none can be stated."""

from collections.abc import Iterator

import numpy as np

from assistant.answering.draft import Draft
from assistant.core.records import Evidence, Status
from assistant.reading.pool import overlap
from assistant.retrieval.evidence import with_neighbour

_N_QUOTED = 2


def quote_nearest(draft: Draft) -> Iterator[None]:
    """Show the best quotation at once; later results replace it."""
    draft.status = Status.QUOTED
    draft.show_quotation(with_neighbour(draft.evidence[0]))
    yield
    draft.forget_sentences()
    draft.status = Status.ANSWERED


def quote_what_is_left(draft: Draft) -> None:
    """Quote the likeliest sentences if nothing is stated.

    In an overview, quote whatever the model's sentences do not cite.
    """
    if not draft.sentences:
        draft.status = Status.QUOTED
        for item in draft.overview or _likeliest(draft):
            draft.show_quotation(with_neighbour(item))
        return
    written = "".join(item.quote for item in draft.cited)
    for item in draft.overview:
        if item.quote not in written:
            draft.show_quotation(with_neighbour(item))


def _likeliest(draft: Draft) -> list[Evidence]:
    """The sentences most likely to contain the answer, by their own probability plus their figures'."""
    weight = dict(zip(draft.evidence, np.exp(draft.measured.sentences.candidates), strict=True))
    if draft.question.answer_type:
        # A figure that the model found may lie in a span that joins a sentence with the one before
        for candidate, probability in zip(draft.candidates, draft.choice.probabilities, strict=True):
            for item in draft.evidence:
                if overlap(item, candidate.evidence):
                    weight[item] += float(probability)
    return sorted(draft.evidence, key=lambda item: -weight[item])[:_N_QUOTED]
