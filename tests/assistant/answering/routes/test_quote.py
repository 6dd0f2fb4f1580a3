"""What is quoted if nothing can be stated."""

from dataclasses import replace

import numpy as np

from assistant.answering.pipeline import AnswerPipeline
from assistant.answering.routes.quote import quote_what_is_left
from assistant.core.archive import Archive
from assistant.core.records import Status
from assistant.core.settings import Settings
from assistant.question.understand import understand
from assistant.reading.candidates import Candidate


def test_a_figure_from_joined_sentences_counts_for_those_that_it_joins(
    samples: Archive, settings: Settings
) -> None:
    draft = AnswerPipeline(samples, None, settings).prepare(understand("샤오미의 2024년 매출은?"))
    item = next(item for item in draft.evidence[2:] if item.figures and item.start)
    joined = replace(item, span=replace(item.span, start=item.start - 1))
    found = Candidate(joined, item.figures[0])
    draft.choice = replace(
        draft.choice,
        candidates=(*draft.choice.candidates, found),
        probabilities=np.append(0 * draft.choice.probabilities, 1.0),
    )
    quote_what_is_left(draft)
    assert draft.status is Status.QUOTED
    assert draft.cited[0].article.id == item.article.id
    assert draft.cited[0].start <= item.start < item.end <= draft.cited[0].end
