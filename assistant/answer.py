"""The answer pipeline: question, retrieval, evidence, gate, figure, wording, verification, record."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig

from assistant import prompts
from assistant.compare import Comparison, are_alike, compare_sentences, comparison_of
from assistant.core.archive import Archive
from assistant.core.errors import SettingsError
from assistant.core.figures import agrees, read_figures, render_figure
from assistant.core.names import find_attributes
from assistant.core.records import Answer, Disagreement, Evidence, FigureClaim, Filters, Outcome, Status, Turn
from assistant.core.settings import Settings
from assistant.core.text import Language
from assistant.courtesy import courtesy
from assistant.disagree import conflicts, corrected
from assistant.draft import Draft
from assistant.evidence import near, select_evidence, with_neighbour
from assistant.llm import count_tokens, failures, model_name
from assistant.overview import overview, wants_overview
from assistant.question import Question, understand
from assistant.reading import measures
from assistant.reading.candidates import Chosen
from assistant.reading.pool import Calibration, calibration, pool
from assistant.rerank import open_reranker
from assistant.retrieve import Retriever
from assistant.verify import Verdict, verify
from assistant.wording import model_sentences, worded_figure

MAX_QUESTION_CHARS = 2000
_N_QUOTED = 2
_N_OVERVIEW = 16
"""Sentences that an overview is made of, the best by score."""
_CHAT_OVERHEAD_TOKENS = 64
"""What a chat's own marks add to its messages."""
_MAX_HISTORY = 20
_MIN_WORDING_SUPPORT = 2.0
"""Least nearness of a worded figure to its sentence: its words come from the question, what it states from the sentence."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the conversation before it and what to restrict the search to."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)


class AnswerPipeline(Runnable[Ask, Answer]):
    """Answers questions from an archive; ``model`` None answers by templates and quotations."""

    def __init__(
        self, archive: Archive, model: BaseChatModel | None, settings: Settings, limits: Calibration | None = None
    ) -> None:
        """Load the reranker, where the settings name one; ``limits`` are for other limits than the fitted ones.

        Raises:
            ModelUnavailable: It cannot be loaded.
        """
        self._archive, self.model, self._settings = archive, model, settings
        self._limits = limits or calibration()
        self.retriever = Retriever(archive, n_passages=settings.answer.n_passages, reranker=open_reranker(settings))

    @property
    def has_model(self) -> bool:
        """Whether a language model words the answers."""
        return self.model is not None

    def invoke(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002 - Runnable's name
        """The finished answer; raises as ``stream`` does."""
        *_, answer = self.stream(input, config, **kwargs)
        return answer

    def stream(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:  # noqa: A002, ARG002
        """Snapshots of the answer as it grows: the nearest articles first, the chosen figure, then sentence by sentence.

        Every sentence of every snapshot has been verified; a later snapshot may put a better worded one in its place.

        Raises:
            SettingsError: The question is too long.
            ServiceError: The store or the index fails.
        """
        started = time.perf_counter()
        if language := courtesy(_accepted(input.question)):
            yield self._purpose(input.question, language, started)
            return
        question = understand(input.question, input.history[-_MAX_HISTORY:], input.filters)
        draft = self.prepare(question, started)
        comparison = comparison_of(question)
        if reason := self._why_refuse(draft, is_comparison=comparison is not None):
            draft.drop("", f"refused: {reason}")
            yield self._refused(draft)
            return
        yield self._nearest(draft)
        if comparison and self._compared(draft, comparison):
            yield self._finished(draft)
            return
        if comparison is None:
            yield from self._answered(draft)
        self._quote_what_is_left(draft)
        yield self._finished(draft)

    def _answered(self, draft: Draft) -> Iterator[Answer]:
        """Snapshots with what may be stated: a figure that is sure, or what the model writes where no figure is asked for."""
        if draft.figure and draft.choice.is_certain and not draft.overview:
            draft.show_template(draft.figure)
            self._show_conflicts(draft, draft.figure)
            yield self._snapshot(draft)
            if self.model:
                self._word(draft, draft.figure, self.model)
        elif self.model:
            yield from self._written(draft, self.model)

    def prepare(self, question: Question, started: float | None = None) -> Draft:
        """Everything that happens before a word is written."""
        started = time.perf_counter() if started is None else started
        retrieved = self.retriever.retrieve(question)
        retrieved_after = time.perf_counter()
        evidence = select_evidence(question, retrieved)
        if not retrieved.hits:  # the filters leave nothing: the refusal names the nearest articles that they left out
            retrieved = self.retriever.retrieve(replace(question, filters=Filters()))
        measured = measures.read(question, evidence, retrieved, self._archive.embedder)
        choice = corrected(pool(measured.candidates, measured.figures, measured.none, self._limits))
        draft = Draft(question, retrieved, measured, choice, self._engine(), started)
        draft.timings["retrieve"] = round(1000 * (retrieved_after - started))
        draft.lap("evidence")
        return draft

    def _engine(self) -> dict[str, str]:
        return {
            "model": model_name(self._settings.llm) if self.model else "none",
            "embedder": f"{self._archive.fingerprint.embedder.model}@{self._archive.fingerprint.embedder.revision}",
            "prompt_hash": "",
            "index": self._archive.fingerprint.digest(),
        }

    def _purpose(self, text: str, language: Language, started: float) -> Answer:
        """What the assistant is for, said to who asks nothing."""
        timings = {"total": round(1000 * (time.perf_counter() - started))}
        said = prompts.render("purpose", language, "message")
        return Answer(text, language, Status.NO_EVIDENCE, text=said, timings_ms=timings, engine=self._engine(), done=True)

    def _nearest(self, draft: Draft) -> Answer:
        """The best quotation, on the screen at once; what is found out later takes its place."""
        draft.status = Status.QUOTED
        draft.show_quotation(with_neighbour(draft.evidence[0]))
        snapshot = self._snapshot(draft)
        draft.forget_sentences()
        draft.status = Status.ANSWERED
        return snapshot

    def _why_refuse(self, draft: Draft, *, is_comparison: bool) -> str | None:
        """The reason for refusing, None for answering; sentences for an overview are chosen where one is asked for."""
        if not draft.evidence:
            return "no sentence found"
        if wants_overview(draft.question):
            draft.overview = overview(draft.question, sorted(draft.evidence, key=lambda item: -item.score)[:_N_OVERVIEW])
            return None if draft.overview else "no article tells of the topic"
        if draft.choice.is_refusal and not is_comparison:
            return f"the articles probably do not hold the answer ({draft.choice.none:.0%})"
        return None

    def _compared(self, draft: Draft, comparison: Comparison) -> bool:
        """Answer a comparison by two figures; False where either is not sure enough."""
        choices = [self.prepare(question).choice for question in comparison.questions]
        sure = [choice.chosen for choice in choices if choice.chosen and choice.is_certain]
        if len(sure) < len(choices):
            return False
        if not are_alike(sure):
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
            sides = "; ".join(f"{prompts.source_label(i)}: {render_figure(f, draft.language)}" for i, f in conflict.sides)
            claims = tuple(FigureClaim(figure.text, draft.cite(item)) for item, figure in conflict.sides)
            about = prompts.render(task, draft.language, "template", sides=sides)
            draft.disagreements.append(Disagreement(about, claims))

    def _word(self, draft: Draft, chosen: Chosen, model: BaseChatModel) -> None:
        """Put the model's wording in the place of the template, if it is verified."""
        question = draft.question
        messages = prompts.wording_prompt(question.standalone, question.language, chosen)
        draft.engine["prompt_hash"] = prompts.prompt_hash(messages)
        try:
            sentence = worded_figure(model, messages, chosen, question.standalone, question.language)
        except failures() as exc:
            draft.drop("", f"the language model failed: {exc}")
            return
        if sentence is None:
            draft.drop("", "the model's wording does not keep to the figure's mark")
            return
        verdict = self._verify(draft, sentence, [chosen.evidence], _MIN_WORDING_SUPPORT)
        if why := verdict.why or _lacks(chosen, verdict) or _goes_beyond(chosen, verdict, draft.language):
            draft.drop(verdict.text, why)
            return
        draft.sentences.clear()
        draft.show_written(verdict, [chosen.evidence], Outcome.VERIFIED)

    def _written(self, draft: Draft, model: BaseChatModel) -> Iterator[Answer]:
        """Snapshots with the model's sentences as far as they pass, then as far as it has mended them."""
        question = draft.question
        evidence = self._that_fit(draft, model)
        messages = prompts.answer_prompt(question.standalone, question.language, evidence)
        draft.engine["prompt_hash"] = prompts.prompt_hash(messages)
        refusal = prompts.refusal(question.language).rstrip(".")
        failed: list[Verdict] = []
        for sentence in _model_or_note(model, messages, draft):
            if refusal in sentence:
                return  # a small model refuses too easily: the nearest is quoted
            verdict = self._verify(draft, sentence, evidence)
            if verdict.why:
                failed.append(verdict)
                draft.drop(verdict.text, verdict.why)
                continue
            if dissent := self._dissents(draft, sentence):
                draft.drop(verdict.text, dissent)
                continue
            draft.show_written(verdict, evidence, Outcome.VERIFIED)
            yield self._snapshot(draft)
        if draft.sentences or not failed:
            return
        if draft.figure and question.asked and any(_names(draft.figure, verdict.text, draft.language) for verdict in failed):
            draft.show_template(draft.figure)  # the model found the same figure by itself: only its words do not pass
            yield self._snapshot(draft)
            return
        yield from self._repaired(draft, model, messages, evidence, failed)

    def _repaired(
        self, draft: Draft, model: BaseChatModel, asked: list[BaseMessage], evidence: Sequence[Evidence], failed: Sequence[Verdict]
    ) -> Iterator[Answer]:
        """Snapshots with what the model writes when it is told, once, why nothing that it wrote can be shown."""
        written = " ".join(verdict.text for verdict in failed)
        reasons = "; ".join(f"{verdict.text} ({verdict.why})" for verdict in failed)
        for sentence in _model_or_note(model, prompts.repair_prompt(asked, written, reasons, draft.language), draft):
            verdict = self._verify(draft, sentence, evidence)
            if why := verdict.why or self._dissents(draft, sentence):
                draft.drop(verdict.text, why)
                continue
            draft.show_written(verdict, evidence, Outcome.REPAIRED)
            yield self._snapshot(draft)

    def _dissents(self, draft: Draft, sentence: str) -> str | None:
        """Why a sentence is not shown where a figure is asked for and none is sure: it does not name the one found by code."""
        chosen = draft.figure if draft.question.asked and not draft.overview else None
        if chosen is None or _names(chosen, sentence, draft.language):
            return None
        return f"does not state {chosen.figure.text}"

    def _that_fit(self, draft: Draft, model: BaseChatModel) -> list[Evidence]:
        """The best sentences, as many as the model's context holds beside the prompt and the answer; at least one."""
        question, llm = draft.question, self._settings.llm
        wanted = [with_neighbour(item) for item in draft.overview or draft.evidence[: self._settings.answer.n_sentences]]
        empty = prompts.answer_prompt(question.standalone, question.language, [])
        lines = [prompts.evidence_line(n, item, question.language) for n, item in enumerate(wanted, 1)]
        fixed, *each = count_tokens(model, [prompts.as_text(empty), *lines])
        room = llm.context_tokens - llm.max_tokens - _CHAT_OVERHEAD_TOKENS - fixed
        kept: list[Evidence] = []
        for item, size in zip(wanted, each, strict=True):
            room -= size + 1
            if room < 0 and kept:
                draft.drop("", f"{len(wanted) - len(kept)} sentences of evidence do not fit into {llm.context_tokens} tokens")
                break
            kept.append(item)
        return kept

    def _verify(self, draft: Draft, sentence: str, evidence: Sequence[Evidence], least: float | None = None) -> Verdict:
        question = draft.question.standalone
        return verify(sentence, evidence, draft.language, self._archive.embedder, draft.stats, question=question, least=least)

    def _quote_what_is_left(self, draft: Draft) -> None:
        """Quote what was found best and the answer does not cite: a reader sees both."""
        if not draft.sentences:
            draft.status = Status.QUOTED
            for item in draft.overview or self._best(draft):
                draft.show_quotation(with_neighbour(item))
            return
        if draft.choice.is_certain and not draft.overview:
            return
        written = "".join(item.quote for item in draft.cited)
        for item in draft.overview or draft.evidence[:1]:
            if item.quote not in written:
                draft.show_quotation(with_neighbour(item))

    def _best(self, draft: Draft) -> list[Evidence]:
        """The sentences that most likely bear the answer, by their own reading and by that of their figures."""
        weight = dict(zip(draft.evidence, np.exp(draft.measured.sentences.candidates), strict=True))
        if draft.question.asked:
            for candidate, probability in zip(draft.candidates, draft.choice.probabilities, strict=True):
                weight[candidate.evidence] += float(probability)
        return sorted(draft.evidence, key=lambda item: -weight[item])[:_N_QUOTED]

    def _refused(self, draft: Draft) -> Answer:
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
        raise SettingsError(f"The question holds half of a character at position {exc.start}; write it again.") from exc
    return text


def _model_or_note(model: BaseChatModel, messages: list[BaseMessage], draft: Draft) -> Iterator[str]:
    """The model's sentences; a failure is noted in the answer, which goes on without the rest."""
    try:
        yield from model_sentences(model, messages)
    except failures() as exc:
        draft.drop("", f"the language model failed: {exc}")


def _names(chosen: Chosen, written: str, language: Language) -> bool:
    """Whether what a model wrote states the figure that code found: two that do not know of each other name the same."""
    return any(agrees(figure, chosen.figure) for figure in read_figures(written, language))


def _lacks(chosen: Chosen, verdict: Verdict) -> str | None:
    if any(source == chosen.figure for _, _, source in verdict.figures):
        return None
    return f"does not state {chosen.figure.text}"


def _goes_beyond(chosen: Chosen, verdict: Verdict, language: Language) -> str | None:
    """Why a wording says more than the figure's sentence and what stands before it: "takes effect" of a day of promulgation."""
    context = near(chosen.evidence)
    beyond = [attribute.text for attribute in find_attributes(verdict.text, language) if not attribute.is_in(context)]
    return f"the cited sentence does not speak of {', '.join(beyond)}" if beyond else None
