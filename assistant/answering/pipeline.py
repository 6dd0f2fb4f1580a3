"""The answer pipeline: question, retrieval, evidence, readers, pool, verification, record."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig

from assistant.answering.comparison import Comparison, are_alike, compare_sentences, comparison_of
from assistant.answering.conflicts import conflicts, corrected
from assistant.answering.courtesy import courtesy
from assistant.answering.draft import Draft
from assistant.answering.overview import overview, wants_overview
from assistant.answering.plan import Compare, Findings, Overview, Refuse, State, plan
from assistant.core.archive import Archive
from assistant.core.errors import SettingsError
from assistant.core.figures import Figure, read_figures, render_figure
from assistant.core.languages import Language
from assistant.core.records import (
    Answer,
    Disagreement,
    Evidence,
    FigureClaim,
    Filters,
    SentenceOutcome,
    Status,
    Turn,
)
from assistant.core.settings import DEFAULT_EMBEDDER, Settings
from assistant.models.engines import count_tokens, failures, model_name
from assistant.question.understand import Question, understand
from assistant.reading import measures
from assistant.reading.candidates import Chosen
from assistant.reading.pool import NO_MODEL, Calibration, Vote, calibration_of, pool
from assistant.reading.trained import open_reader
from assistant.retrieval.evidence import select_evidence, with_neighbour
from assistant.retrieval.rerank import open_reranker
from assistant.retrieval.retriever import Retriever
from assistant.writing import prompts
from assistant.writing.sentences import model_sentences
from assistant.writing.verify import Verdict, verify

MAX_QUESTION_CHARS = 2000
_N_QUOTED = 2
_N_OVERVIEW = 16
"""Sentences that an overview is made of, the best by score."""
_CHAT_OVERHEAD_TOKENS = 64
"""What a chat's own marks add to its messages."""
_MAX_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the conversation before it and what to restrict the search to."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class Said:
    """A checked sentence of a language model, and what all of its sentences so far say of the answer."""

    verdict: Verdict
    vote: Vote
    outcome: SentenceOutcome = SentenceOutcome.VERIFIED


class AnswerPipeline(Runnable[Ask | str, Answer]):
    """Answers questions from an archive; ``model`` None answers by templates and quotations."""

    def __init__(
        self,
        archive: Archive,
        model: BaseChatModel | None,
        settings: Settings,
        limits: Calibration | None = None,
    ) -> None:
        """Load the readers, and the reranker where the settings name one; ``limits`` take the place of the fitted calibration.

        Raises:
            ModelUnavailable: It cannot be loaded.
        """
        self._archive, self.model, self._settings = archive, model, settings
        self.calibration = limits or calibration_of(
            model_name(settings.llm) if model else None, settings.data_dir
        )
        shared = archive.embedder.body if settings.embedder.model == DEFAULT_EMBEDDER else (None, None)
        self._reader = open_reader(settings.weights_dir, *shared)
        self.retriever = Retriever(
            archive, n_passages=settings.answer.n_passages, reranker=open_reranker(settings)
        )

    @property
    def has_model(self) -> bool:
        """Whether a language model words the answers."""
        return self.model is not None

    @property
    def model_name(self) -> str:
        """Of the language model, ``none`` without one."""
        return model_name(self._settings.llm) if self.model else NO_MODEL

    def invoke(self, input: Ask | str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002 - Runnable's name
        """The finished answer; raises as ``stream`` does."""
        *_, answer = self.stream(input, config, **kwargs)
        return answer

    def stream(
        self,
        input: Ask | str,  # noqa: A002
        config: RunnableConfig | None = None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Iterator[Answer]:
        """Snapshots of the answer as it grows: the nearest articles first, the chosen figure, then sentence by sentence.

        Every sentence of every snapshot has been verified; a later snapshot may put a better worded one in
        its place.

        Raises:
            SettingsError: The question is too long.
            ServiceError: The store or the index fails.
        """
        started = time.perf_counter()
        asked = Ask(input) if isinstance(input, str) else input
        if language := courtesy(_accepted(asked.question)):
            yield self._purpose(asked.question, language, started)
            return
        question = understand(asked.question, asked.history[-_MAX_HISTORY:], asked.filters)
        draft = self.prepare(question, started)
        found = self._findings(draft)
        kind = plan(found)
        if isinstance(kind, Refuse):
            yield self._refused(draft, kind.reason)
            return
        yield self._nearest(draft)
        if isinstance(kind, Compare) and self._compared(draft, kind.comparison):
            yield self._finished(draft)
            return
        if isinstance(kind, Overview):
            draft.overview = kind.sentences
        if isinstance(kind, State):
            draft.show_template(kind.chosen)
            yield self._snapshot(draft)
        if self.model:
            yield from self._answered(draft, self.model)
        if draft.figure and draft.figure.evidence in draft.cited and draft.choice.is_certain:
            self._show_conflicts(draft, draft.figure)
        kind = plan(replace(found, choice=draft.choice, may_write=False))
        if isinstance(kind, Refuse) and not draft.sentences:
            yield self._refused(draft, kind.reason)
            return
        self._quote_what_is_left(draft)
        yield self._finished(draft)

    def _answered(self, draft: Draft, model: BaseChatModel) -> Iterator[Answer]:
        """Snapshots with what the model writes, as far as it passes and the pool of all readers is sure of it.

        A template stays only where the pool still chooses its figure.
        """
        stated = draft.figure if draft.sentences else None
        for said in self.written(draft, model):
            draft.choice = corrected(pool(draft.measured, self.calibration, said.vote))
            if why := said.verdict.why or self._why_not_sure(draft, said.verdict):
                draft.drop(said.verdict.text, why)
                continue
            if stated:
                draft.forget_sentences()
                stated = None
            draft.show_written(said.verdict, said.outcome)
            yield self._snapshot(draft)
        if draft.sentences and not stated:
            return
        if draft.figure and draft.choice.is_certain and not draft.overview:
            draft.forget_sentences()
            # Its words do not pass, or it found another figure and was outvoted
            draft.show_template(draft.figure)
            yield self._snapshot(draft)
        elif stated:
            draft.forget_sentences()  # the model's reading has made it doubtful

    def written(self, draft: Draft, model: BaseChatModel) -> Iterator[Said]:
        """The model's sentences, each checked, with what all of them so far say of the answer; once more if none passes.

        Where it refuses, or fails, one verdict says so.
        """
        question, evidence = draft.question, self._that_fit(draft, model)
        messages = prompts.answer_prompt(question.standalone, question.language, evidence)
        draft.engine["prompt_hash"] = prompts.prompt_hash(messages)
        verdicts: list[Verdict] = []
        for sentence in _model_or_note(model, messages, draft):
            verdict = self._verify(draft, sentence, evidence)
            if prompts.refusal(question.language).rstrip(".") in sentence:
                yield Said(replace(verdict, why="the model finds no answer"), Vote(refused=True))
                return
            verdicts.append(verdict)
            yield Said(verdict, _vote(verdicts, question.language))
        if not verdicts or any(verdict.why is None for verdict in verdicts):
            return
        reasons = "; ".join(f"{verdict.text} ({verdict.why})" for verdict in verdicts)
        repair = prompts.repair_prompt(
            messages, " ".join(verdict.text for verdict in verdicts), reasons, question.language
        )
        for sentence in _model_or_note(model, repair, draft):
            verdicts.append(self._verify(draft, sentence, evidence))
            yield Said(verdicts[-1], _vote(verdicts, question.language), SentenceOutcome.REPAIRED)

    def _why_not_sure(self, draft: Draft, verdict: Verdict) -> str | None:
        """Why a sentence that passes is not stated: the pool is not sure of what it says."""
        if draft.overview:
            return None
        limits, choice = self.calibration, draft.choice
        if draft.question.asked:
            sure = max((choice.mass(source) for _, _, source in verdict.figures), default=0.0)
            return None if sure >= limits.figure.state_from else f"not sure enough of its figure ({sure:.0%})"
        sure = choice.support(verdict.cited)
        return (
            None
            if sure >= limits.sentence.state_from
            else f"not sure enough of the sentence that it cites ({sure:.0%})"
        )

    def prepare(self, question: Question, started: float | None = None) -> Draft:
        """Everything that happens before a word is written."""
        started = time.perf_counter() if started is None else started
        retrieved = self.retriever.retrieve(question)
        retrieved_after = time.perf_counter()
        evidence = select_evidence(question, retrieved)
        # The filters leave nothing: the refusal names the nearest articles that they left out
        if not retrieved.hits:
            retrieved = self.retriever.retrieve(replace(question, filters=Filters()))
        measured = measures.read(question, evidence, retrieved, self._archive.embedder, self._reader)
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
        """What the assistant is for, said to who asks nothing."""
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

    def _nearest(self, draft: Draft) -> Answer:
        """The best quotation, on the screen at once; what is found out later takes its place."""
        draft.status = Status.QUOTED
        draft.show_quotation(with_neighbour(draft.evidence[0]))
        snapshot = self._snapshot(draft)
        draft.forget_sentences()
        draft.status = Status.ANSWERED
        return snapshot

    def _findings(self, draft: Draft) -> Findings:
        wanted = None
        if wants_overview(draft.question):
            best = sorted(draft.evidence, key=lambda item: -item.score)[:_N_OVERVIEW]
            wanted = overview(draft.question, best)
        comparison = comparison_of(draft.question)
        return Findings(draft.evidence, draft.choice, comparison, wanted, may_write=self.has_model)

    def _compared(self, draft: Draft, comparison: Comparison) -> bool:
        """Answer a comparison by two figures; False where either is not sure enough."""
        choices = [self.prepare(question).choice for question in comparison.questions]
        sure = [choice.chosen for choice in choices if choice.chosen and choice.is_certain]
        if len(sure) < len(choices):
            return False
        places = {(chosen.evidence.article.id, chosen.evidence.start, chosen.figure.start) for chosen in sure}
        if len(places) < len(sure) or not are_alike(sure):  # one figure cannot be of both
            return False
        text = compare_sentences(comparison, sure, draft.language)
        if text is None:
            return False
        draft.show_stated(text, sure)
        return True

    def _show_conflicts(self, draft: Draft, chosen: Chosen) -> None:
        contradictions = self._archive.store.contradictions({c.evidence.article.id for c in draft.candidates})
        for conflict in conflicts(chosen, draft.choice, contradictions, draft.stats):
            task = "contradiction" if conflict.within else "disagreement"
            sides = "; ".join(
                f"{prompts.source_label(i)}: {render_figure(f, draft.language)}" for i, f in conflict.sides
            )
            claims = tuple(FigureClaim(figure.text, draft.cite(item)) for item, figure in conflict.sides)
            about = prompts.render(task, draft.language, "template", sides=sides)
            draft.disagreements.append(Disagreement(about, claims))

    def _that_fit(self, draft: Draft, model: BaseChatModel) -> list[Evidence]:
        """The best sentences, as many as the model's context holds beside the prompt and the answer.

        At least one.
        """
        question, llm = draft.question, self._settings.llm
        wanted = [
            with_neighbour(item)
            for item in draft.overview or draft.evidence[: self._settings.answer.n_sentences]
        ]
        empty = prompts.answer_prompt(question.standalone, question.language, [])
        lines = [prompts.evidence_line(n, item, question.language) for n, item in enumerate(wanted, 1)]
        fixed, *each = count_tokens(model, [prompts.as_text(empty), *lines])
        room = llm.context_tokens - llm.max_tokens - _CHAT_OVERHEAD_TOKENS - fixed
        kept: list[Evidence] = []
        for item, size in zip(wanted, each, strict=True):
            room -= size + 1
            if room < 0 and kept:
                draft.drop(
                    "",
                    f"{len(wanted) - len(kept)} sentences of evidence do not fit into {llm.context_tokens} tokens",
                )
                break
            kept.append(item)
        return kept

    def _verify(self, draft: Draft, sentence: str, evidence: Sequence[Evidence]) -> Verdict:
        question = draft.question.standalone
        return verify(
            sentence, evidence, draft.language, self._archive.embedder, draft.stats, question=question
        )

    def _quote_what_is_left(self, draft: Draft) -> None:
        """Quote the nearest where nothing is stated.

        Of an overview, what the model's sentences do not cite.
        """
        if not draft.sentences:
            draft.status = Status.QUOTED
            for item in draft.overview or self._best(draft):
                draft.show_quotation(with_neighbour(item))
            return
        written = "".join(item.quote for item in draft.cited)
        for item in draft.overview:
            if item.quote not in written:
                draft.show_quotation(with_neighbour(item))

    def _best(self, draft: Draft) -> list[Evidence]:
        """The sentences that most likely bear the answer, by their own reading and by that of their figures."""
        weight = dict(zip(draft.evidence, np.exp(draft.measured.sentences.candidates), strict=True))
        if draft.question.asked:
            for candidate, probability in zip(draft.candidates, draft.choice.probabilities, strict=True):
                weight[candidate.evidence] += float(probability)
        return sorted(draft.evidence, key=lambda item: -weight[item])[:_N_QUOTED]

    def _refused(self, draft: Draft, reason: str) -> Answer:
        draft.drop("", f"refused: {reason}")
        draft.status = Status.NO_EVIDENCE
        draft.forget_sentences()
        draft.text = prompts.refusal(draft.language)
        return self._finished(draft)

    def _finished(self, draft: Draft) -> Answer:
        draft.lap("total")
        return self._snapshot(draft, done=True)

    def _snapshot(self, draft: Draft, *, done: bool = False) -> Answer:
        sizes = self._archive.store.story_sizes({item.article.story_id for item in draft.cited})
        return draft.snapshot(sizes, done=done)


def _accepted(question: str) -> str:
    text = question.strip()
    if len(text) > MAX_QUESTION_CHARS:
        raise SettingsError(f"The question has {len(text)} characters; the limit is {MAX_QUESTION_CHARS}.")
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise SettingsError(
            f"The question holds half of a character at position {exc.start}; write it again."
        ) from exc
    return text


def _model_or_note(model: BaseChatModel, messages: list[BaseMessage], draft: Draft) -> Iterator[str]:
    """The model's sentences; a failure is noted in the answer, which goes on without the rest."""
    try:
        yield from model_sentences(model, messages)
    except failures() as exc:
        draft.drop("", f"the language model failed: {exc}")


def _vote(verdicts: Sequence[Verdict], language: Language) -> Vote:
    """What a model's sentences say of the answer: figures of the articles where they pass, and as it wrote them where not."""
    figures: list[Figure] = []
    for verdict in verdicts:
        figures += [source for _, _, source in verdict.figures] or read_figures(verdict.text, language)
    return Vote(
        tuple(figures), tuple(item for verdict in verdicts if verdict.why is None for item in verdict.cited)
    )
