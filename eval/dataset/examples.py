"""Cases as the readers see them: the measures of sentences and figures, and which of them are right."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.answering.draft import Draft
from assistant.answering.pipeline import AnswerPipeline
from assistant.core.figures import figure_json, render_figure
from assistant.core.records import Evidence
from assistant.core.text import nfc
from assistant.question.understand import Question, understand
from assistant.reading.candidates import Candidate
from assistant.reading.measures import Measured
from assistant.reading.pool import Vote
from eval.dataset.cases import Case
from eval.dataset.realistic import RealisticCase

_NEAREST = re.compile(r"\[nearest: ([\w-]+)\]")


@dataclass(frozen=True, slots=True)
class Example:
    """A question as it was read, and which of its sentences and figure candidates are right.

    ``group`` is the article the question is about, so that examples can be held out by article; ``vote`` is the
    language model's own answer; ``is_written_right`` says whether its first sentence to pass verification is right.
    """

    id: str
    group: str
    answerable: bool
    is_realistic: bool
    question: Question
    measured: Measured
    right_sentences: NDArray[np.bool_]
    right_figures: NDArray[np.bool_]
    vote: Vote = field(default_factory=Vote)
    is_written_right: bool = False


def realistic_examples(pipeline: AnswerPipeline, cases: Iterable[RealisticCase]) -> Iterator[Example]:
    """Examples in which a sentence is right if it overlaps the span, and a figure if stating it would be right.

    If the pipeline has a language model, its vote is included.
    """
    for case in cases:
        group = case.article or next(iter(_NEAREST.findall(case.why)), case.id)
        draft = pipeline.prepare(understand(case.q, case.turns))
        found = _example(draft, (case.id, group, case.answerable, True), _bears(case), _answers(case))
        if writer := pipeline.writer:
            heard = list(writer.read(draft))
            first = next((said.verdict.text for said in heard if said.verdict.why is None), "")
            vote = heard[-1].vote if heard else Vote(refused=True)
            found = replace(
                found, vote=vote, is_written_right=case.answerable and bool(first) and case.is_right(first)
            )
        yield found


def easy_examples(pipeline: AnswerPipeline, cases: Iterable[Case]) -> Iterator[Example]:
    """Examples in which a sentence is right if it overlaps a gold span, and a figure if it is a gold figure."""
    for case in cases:
        about = (case.id, case.spans[0].article if case.spans else case.id, case.answerable, False)
        draft = pipeline.prepare(understand(case.question, case.history))
        yield _example(draft, about, _has_span(case), _is_gold(case))


def _example(
    draft: Draft,
    about: tuple[str, str, bool, bool],
    is_right_sentence: Callable[[Evidence], bool],
    is_right_figure: Callable[[Candidate], bool],
) -> Example:
    measured = draft.measured
    sentences = np.array([is_right_sentence(item) for item in measured.evidence], bool)
    figures = np.array([is_right_figure(candidate) for candidate in measured.candidates], bool)
    return Example(*about, draft.question, measured, sentences, figures)


def _bears(case: RealisticCase) -> Callable[[Evidence], bool]:
    return lambda item: case.is_about(item.article.url) and _overlaps(item, case.span)


def _answers(case: RealisticCase) -> Callable[[Candidate], bool]:
    def is_right(candidate: Candidate) -> bool:
        return case.is_about(candidate.evidence.article.url) and case.is_right(
            render_figure(candidate.figure, case.lang)
        )

    return is_right


def _has_span(case: Case) -> Callable[[Evidence], bool]:
    return lambda item: any(
        span.is_of(item.article.url) and _overlaps(item, span.quote) for span in case.spans
    )


def _is_gold(case: Case) -> Callable[[Candidate], bool]:
    return lambda candidate: any(gold.is_stated(figure_json(candidate.figure)) for gold in case.figures)


def _overlaps(item: Evidence, words: str) -> bool:
    at = item.article.text.find(nfc(words))
    return at >= 0 and item.start < at + len(words) and at < item.end
