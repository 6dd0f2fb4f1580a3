"""The answer pipeline: question, retrieval, evidence, readers, pool, verification, record."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answering.conflicts import conflicts, corrected
from assistant.answering.courtesy import courtesy
from assistant.answering.draft import Draft
from assistant.answering.plan import Compare, Findings, Overview, Refuse, State, plan
from assistant.answering.routes.compare import compare, comparison_of
from assistant.answering.routes.overview import overview, wants_overview
from assistant.answering.routes.quote import quote_nearest, quote_what_is_left
from assistant.answering.routes.write import Writer
from assistant.core.archive import Archive
from assistant.core.errors import SettingsError
from assistant.core.figures import render_figure
from assistant.core.languages import Language
from assistant.core.records import (
    Answer,
    Disagreement,
    FigureClaim,
    Filters,
    Status,
    Turn,
)
from assistant.core.settings import DEFAULT_EMBEDDER, Settings
from assistant.models import machine
from assistant.models.engines import model_name
from assistant.question.understand import Question, understand
from assistant.reading import measures
from assistant.reading.candidates import Chosen
from assistant.reading.pool import NO_MODEL, Calibration, calibration_of, pool
from assistant.reading.trained import open_reader
from assistant.retrieval.evidence import select_evidence
from assistant.retrieval.rerank import open_reranker
from assistant.retrieval.retriever import Retriever
from assistant.writing import prompts

MAX_QUESTION_CHARS = 2000
_N_OVERVIEW = 16
"""Number of best-scoring sentences that an overview may draw on."""
_MAX_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the conversation so far and the search filters."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)


class AnswerPipeline(Runnable[Ask | str, Answer]):
    """Answers questions from an archive; without a ``model``, by templates and quotations."""

    def __init__(
        self,
        archive: Archive,
        model: BaseChatModel | None,
        settings: Settings,
        limits: Calibration | None = None,
        *,
        observe: Callable[[Answer], None] | None = None,
    ) -> None:
        """Load the readers and any configured reranker; ``limits`` replace the fitted calibration.

        ``observe`` is given every finished answer.

        Raises:
            ModelUnavailable: The reranker cannot be loaded.
        """
        self._archive, self.model, self._settings = archive, model, settings
        self._observe = observe
        self.calibration = limits or calibration_of(
            model_name(settings.llm) if model else None, settings.data_dir
        )
        shared = archive.embedder.body if settings.embedder.model == DEFAULT_EMBEDDER else (None, None)
        self._reader = open_reader(settings.weights_dir, *shared)
        # Reading is arithmetic on all cores: for many questions at once it only gets slower, and torch keeps memory
        # for every thread that it has run in
        self._readers = ThreadPoolExecutor(max(1, machine.cores() // 2), "reading")
        self.retriever = Retriever(archive, n_passages=settings.n_passages, reranker=open_reranker(settings))

    @property
    def has_model(self) -> bool:
        """Whether there is a language model to word the answers."""
        return self.model is not None

    @property
    def model_name(self) -> str:
        """The language model's name; ``none`` without one."""
        return model_name(self._settings.llm) if self.model else NO_MODEL

    def invoke(self, input: Ask | str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002 - Runnable's name
        """The finished answer; raises as ``stream`` does."""
        *_, answer = self.stream(input, config, **kwargs)
        return answer

    def stream(
        self,
        input: Ask | str,  # noqa: A002
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> Iterator[Answer]:
        """Snapshots of the growing answer: the nearest quotation, the chosen figure, then sentence by sentence.

        Every sentence in every snapshot is verified; a later snapshot may replace it with a better-worded one.
        LangChain's callbacks in ``config`` are told of the run and, within it, of the language model's.

        Raises:
            SettingsError: The question is too long.
            ServiceError: The store or the index fails.
        """
        yield from self._transform_stream_with_config(iter([input]), self._answers, config, run_type="chain")

    def _answers(self, questions: Iterator[Ask | str]) -> Iterator[Answer]:
        for asked in questions:
            yield from self._answered(Ask(asked) if isinstance(asked, str) else asked)

    def _answered(self, asked: Ask) -> Iterator[Answer]:
        started = time.perf_counter()
        if language := courtesy(_accepted(asked.question)):
            yield self._purpose(asked.question, language, started)
            return
        with self._archive.questions.question():
            question = understand(asked.question, asked.history[-_MAX_HISTORY:], asked.filters)
            draft = self.prepare(question, started)
            for _ in self._made(draft):
                yield self._snapshot(draft)
            draft.lap("total")
            answer = self._snapshot(draft, done=True)
            if self._observe:
                self._observe(answer)
            yield answer

    def _made(self, draft: Draft) -> Iterator[None]:
        """Build the answer by the plan; after every step, the draft may be shown."""
        found = self._findings(draft)
        kind = plan(found)
        if isinstance(kind, Refuse):
            draft.refuse(kind.reason)
            return
        yield from quote_nearest(draft)
        if isinstance(kind, Compare):
            choices = [self.prepare(question).choice for question in kind.comparison.questions]
            if compare(draft, kind.comparison, choices):
                return
        if isinstance(kind, Overview):
            draft.overview = kind.sentences
        if isinstance(kind, State):
            draft.show_template(kind.chosen)
            yield
        if writer := self.writer:
            yield from writer.write(draft)
        if draft.figure and draft.figure.evidence in draft.cited and draft.choice.is_certain:
            self._show_conflicts(draft, draft.figure)
        kind = plan(replace(found, choice=draft.choice, may_write=False))
        if isinstance(kind, Refuse) and not draft.sentences:
            draft.refuse(kind.reason)
            return
        quote_what_is_left(draft)
        if writer and self._settings.answer.translate:
            yield from writer.translate(draft)

    @property
    def writer(self) -> Writer | None:
        """The writer for the language model; None without a model."""
        if self.model is None:
            return None
        return Writer(self.model, self._settings, self._archive.embedder, self.calibration)

    def prepare(self, question: Question, started: float | None = None) -> Draft:
        """Retrieve, read and choose: everything that precedes the writing."""
        started = time.perf_counter() if started is None else started
        retrieved = self.retriever.retrieve(question)
        retrieved_after = time.perf_counter()
        evidence = select_evidence(question, retrieved)
        # Nothing passes the filters: the refusal names the nearest articles outside them
        if not retrieved.hits:
            retrieved = self.retriever.retrieve(replace(question, filters=Filters()))
        measured = self._readers.submit(
            measures.read, question, evidence, retrieved, self._archive.embedder, self._reader
        ).result()
        choice = corrected(
            pool(measured, calibration_of(None, self._settings.data_dir) if self.model else self.calibration)
        )
        draft = Draft(question, retrieved, measured, choice, self._engine(), started)
        draft.timings["retrieve"] = round(1000 * (retrieved_after - started))
        draft.lap("evidence")
        return draft

    def _engine(self) -> dict[str, str]:
        return {
            "model": self.model_name,
            "calibration": self.calibration.model,
            "embedder": f"{self._archive.fingerprint.embedder.model}@{self._archive.fingerprint.embedder.revision}",
            "prompt_hash": "",
            "index": self._archive.fingerprint.digest(),
        }

    def _purpose(self, text: str, language: Language, started: float) -> Answer:
        """The answer to a message that asks nothing: what the assistant is for."""
        timings = {"total": round(1000 * (time.perf_counter() - started))}
        said = prompts.render("purpose", language, "message")
        return Answer(
            text,
            language,
            Status.NO_EVIDENCE,
            text=said,
            timings_ms=timings,
            engine=self._engine(),
            done=True,
        )

    def _findings(self, draft: Draft) -> Findings:
        wanted = None
        if wants_overview(draft.question):
            best = sorted(draft.evidence, key=lambda item: -item.score)[:_N_OVERVIEW]
            wanted = overview(draft.question, best)
        comparison = comparison_of(draft.question)
        return Findings(draft.evidence, draft.choice, comparison, wanted, may_write=self.has_model)

    def _show_conflicts(self, draft: Draft, chosen: Chosen) -> None:
        contradictions = self._archive.store.contradictions({c.evidence.article.id for c in draft.candidates})
        for conflict in conflicts(chosen, draft.choice, contradictions, draft.stats):
            task = "contradiction" if conflict.within else "disagreement"
            sides = "; ".join(
                f"{prompts.source_label(i)}: {render_figure(f, draft.language)}" for i, f in conflict.sides
            )
            claims = tuple(
                FigureClaim(figure.text, draft.cite(item), render_figure(figure, draft.language))
                for item, figure in conflict.sides
            )
            about = prompts.render(task, draft.language, "template", sides=sides)
            draft.disagreements.append(Disagreement(about, claims))

    def _snapshot(self, draft: Draft, *, done: bool = False) -> Answer:
        stories = self._archive.store.story_members({item.article.story_id for item in draft.cited})
        return draft.snapshot(stories, done=done)


def _accepted(question: str) -> str:
    text = question.strip()
    if len(text) > MAX_QUESTION_CHARS:
        raise SettingsError(f"The question has {len(text)} characters; the limit is {MAX_QUESTION_CHARS}.")
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise SettingsError(
            f"The question holds a lone surrogate at position {exc.start}; write it again."
        ) from exc
    return text
