"""Quotes the articles: what is nearest while an answer is being made, and where none can be stated."""

from collections.abc import Iterator

import numpy as np

from assistant.answering.draft import Draft
from assistant.core.records import Evidence, Status
from assistant.retrieval.evidence import with_neighbour

_N_QUOTED = 2


def quote_nearest(draft: Draft) -> Iterator[None]:
    """The best quotation, on the screen at once; what is found out later takes its place."""
    draft.status = Status.QUOTED
    draft.show_quotation(with_neighbour(draft.evidence[0]))
    yield
    draft.forget_sentences()
    draft.status = Status.ANSWERED


def quote_what_is_left(draft: Draft) -> None:
    """Quote the likeliest sentences where nothing is stated.

    Of an overview, what the model's sentences do not cite.
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
    """The sentences that most likely bear the answer, by their own reading and by that of their figures."""
    weight = dict(zip(draft.evidence, np.exp(draft.measured.sentences.candidates), strict=True))
    if draft.question.answer_type:
        for candidate, probability in zip(draft.candidates, draft.choice.probabilities, strict=True):
            weight[candidate.evidence] += float(probability)
    return sorted(draft.evidence, key=lambda item: -weight[item])[:_N_QUOTED]
