"""The product as a system that answers cases, and a baseline of its quotations alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.records import Evidence, Hit, Status
from assistant.core.spans import read_span
from assistant.question.understand import understand
from eval.dataset.cases import Case

AnswerRecord = Mapping[str, Any]
"""An answer record as JSON types."""

_N_QUOTED = 2


class System(Protocol):
    """Answers cases; ``model`` is timed if it is a ``TimedModel``, None without a language model."""

    model: Any

    def answer(self, case: Case) -> AnswerRecord:
        """The answer record of a case."""

    def retrieved(self, case: Case) -> Sequence[Evidence]:
        """The passages retrieved for a case, best first."""


class Product:
    """This product's own pipeline."""

    def __init__(self, pipeline: AnswerPipeline) -> None:
        self.pipeline, self.model = pipeline, pipeline.model

    def answer(self, case: Case) -> AnswerRecord:
        """The answer as the page shows it."""
        return self.pipeline.invoke(Ask(case.question, case.history)).to_json()

    def retrieved(self, case: Case) -> list[Evidence]:
        """The passages that evidence is selected from."""
        return [
            passage_of(hit)
            for hit in self.pipeline.retriever.retrieve(understand(case.question, case.history)).hits
        ]


class QuotationOnly(Product):
    """Quotes the best sentences whatever the question: no model, no choice of figure, no refusal."""

    def __init__(self, pipeline: AnswerPipeline) -> None:
        super().__init__(pipeline)
        self.model = None

    def answer(self, case: Case) -> AnswerRecord:
        """Two quotations."""
        draft = self.pipeline.prepare(understand(case.question, case.history))
        draft.status = Status.QUOTED
        for item in draft.evidence[:_N_QUOTED]:
            draft.show_quotation(item)
        draft.lap("total")
        return draft.snapshot({}, done=True).to_json()


def passage_of(hit: Hit) -> Evidence:
    """A whole retrieved passage as a span of its article."""
    return Evidence(hit.article, read_span(hit.article, hit.passage.start, hit.passage.end), hit.score)
