"""The answer pipeline: question, retrieval, evidence, gate, figure, wording, verification, record."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableConfig

from assistant import prompts
from assistant.choose import Chosen, choose
from assistant.core.archive import Archive
from assistant.core.errors import SettingsError
from assistant.core.figures import Figure, agrees, exact_strings, read_figures, render_figure
from assistant.core.records import (
    Agreement,
    Answer,
    AnswerFigure,
    CheckedFigure,
    Citation,
    Dropped,
    Evidence,
    Filters,
    Hit,
    NearestArticle,
    Outcome,
    Sentence,
    Status,
    Turn,
)
from assistant.core.settings import Settings
from assistant.core.text import Language
from assistant.evidence import figures_of, is_about, select_evidence
from assistant.gate import why_refuse
from assistant.llm import failures, model_name
from assistant.question import Question, understand
from assistant.retrieve import LanguageStats, Retriever
from assistant.verify import Verdict, verify
from assistant.wording import figure_sentence, model_sentences, quotation

MAX_QUESTION_CHARS = 2000
_N_NEAREST = 3
_N_QUOTED = 2
_PROMPT_OVERHEAD_CHARS = 900
_MAX_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with the conversation before it and what to restrict the search to."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)


@dataclass(slots=True)
class _Draft:
    """An answer in the making; ``snapshot`` is its record so far."""

    question: Question
    evidence: Sequence[Evidence] = ()
    stats: Mapping[Language, LanguageStats] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    status: Status = Status.ANSWERED
    figure: Chosen | None = None
    sentences: list[Sentence] = field(default_factory=list)
    cited: list[Evidence] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    nearest: tuple[NearestArticle, ...] = ()
    timings: dict[str, int] = field(default_factory=dict)
    engine: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def lap(self, name: str) -> None:
        self.timings[name] = round(1000 * (time.perf_counter() - self.started))

    def cite(self, evidence: Evidence) -> int:
        """The number under which a span is cited; spans are numbered in the order of their first use."""
        if evidence not in self.cited:
            self.cited.append(evidence)
        return self.cited.index(evidence) + 1

    def show(self, sentence: Sentence) -> None:
        if not self.sentences:
            self.lap("first_sentence")
        self.sentences.append(sentence)

    def forget_sentences(self) -> None:
        self.sentences.clear()
        self.cited.clear()


class AnswerPipeline(Runnable[Ask, Answer]):
    """Answers questions from an archive; ``model`` None answers by templates and quotations."""

    def __init__(self, archive: Archive, model: BaseChatModel | None, settings: Settings) -> None:
        self._archive, self._model, self._settings = archive, model, settings
        self.retriever = Retriever(archive, n_passages=settings.answer.n_passages, lexical_weight=settings.answer.lexical_weight)

    @property
    def has_model(self) -> bool:
        """Whether a language model words the answers."""
        return self._model is not None

    def invoke(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002 - Runnable's name
        """The finished answer; raises as ``stream`` does."""
        *_, answer = self.stream(input, config, **kwargs)
        return answer

    def stream(self, input: Ask, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:  # noqa: A002, ARG002
        """Snapshots of the answer as it grows: the nearest articles first, the chosen figure, then sentence by sentence.

        Every sentence of every snapshot has been verified; a later snapshot may put a better worded one in its place.

        Raises:
            SettingsError: The question is empty or too long.
            ServiceError: The store or the index fails.
        """
        draft = self._prepare(input)
        if reason := why_refuse(draft.question, draft.evidence):
            draft.dropped.append(Dropped("", f"refused: {reason}"))
            yield self._refused(draft)
            return
        yield self._snapshot(draft)
        if draft.figure and draft.figure.is_certain:
            draft.show(self._templated(draft, draft.figure))
            yield self._snapshot(draft)
        if self._model:
            yield from self._written(draft, self._model)
        if draft.status is not Status.NO_EVIDENCE and not draft.sentences:
            self._quote(draft)
        if draft.status is Status.NO_EVIDENCE:
            yield self._refused(draft)
            return
        draft.lap("total")
        yield self._snapshot(draft, done=True)

    def _prepare(self, ask: Ask) -> _Draft:
        text = ask.question.strip()
        if not text:
            raise SettingsError("The question is empty.")
        if len(text) > MAX_QUESTION_CHARS:
            raise SettingsError(f"The question has {len(text)} characters; the limit is {MAX_QUESTION_CHARS}.")
        draft = _Draft(understand(text, ask.history[-_MAX_HISTORY:], ask.filters))
        retrieved = self.retriever.retrieve(draft.question)
        draft.stats = retrieved.stats
        draft.lap("retrieve")
        answer, llm = self._settings.answer, self._settings.llm
        # A token is at least a character in these languages but for Hangul, where two characters may take three.
        n_chars = max(0, (llm.context_tokens - llm.max_tokens) * 2 // 3 - _PROMPT_OVERHEAD_CHARS - len(draft.question.standalone))
        draft.evidence = select_evidence(draft.question, retrieved, answer.n_sentences, n_chars)
        draft.figure = choose(draft.question, draft.evidence, retrieved, self._archive.embedder)
        draft.lap("evidence")
        draft.nearest = _nearest(retrieved.hits)
        draft.engine = {
            "model": model_name(llm) if self._model else "none",
            "embedder": f"{self._archive.fingerprint.embedder.model}@{self._archive.fingerprint.embedder.revision}",
            "prompt_hash": "",
            "index": self._archive.fingerprint.digest(),
        }
        return draft

    def _written(self, draft: _Draft, model: BaseChatModel) -> Iterator[Answer]:
        """Snapshots with the model's sentences as far as they pass; a chosen figure stays in its template until one states it."""
        question = draft.question
        messages = prompts.answer_prompt(question.standalone, question.language, draft.evidence)
        draft.engine["prompt_hash"] = prompts.prompt_hash(messages)
        refusal = prompts.refusal(question.language).rstrip(".")
        for written in _model_or_note(model, messages, draft):
            if refusal in written:
                # A small model refuses too easily: where code has found a figure of the kind asked, the quotation is shown.
                if not draft.sentences and draft.figure is None:
                    draft.status = Status.NO_EVIDENCE
                return
            verdict = verify(written, draft.evidence, question.language, self._archive.embedder, draft.stats)
            chosen = draft.figure
            if why := verdict.why or _lacks(chosen, verdict, draft):
                draft.dropped.append(Dropped(verdict.text, why))
                if chosen and not draft.sentences and _votes_for(written, chosen, question.language):
                    # Two that do not know of each other, the choice by code and the model, name the same figure.
                    draft.show(self._templated(draft, chosen))
                    yield self._snapshot(draft)
                continue
            if chosen:
                draft.forget_sentences()
            draft.show(_sentence(draft, verdict))
            yield self._snapshot(draft)
            if chosen:
                return

    def _templated(self, draft: _Draft, chosen: Chosen) -> Sentence:
        language = draft.question.language
        n = draft.cite(chosen.evidence)
        shown = replace(chosen.figure, text=render_figure(chosen.figure, language))
        checked = _checked(shown, Agreement(n, chosen.figure.text))
        return Sentence(figure_sentence(chosen, language), (n,), Outcome.TEMPLATED, (checked,))

    def _quote(self, draft: _Draft) -> None:
        draft.status = Status.QUOTED
        fitting = [e for e in draft.evidence if is_about(e, draft.question)]
        if draft.question.asked:
            fitting = [e for e in fitting if any(f.kind in draft.question.asked.kinds for f in figures_of(e))]
        for item in (fitting or draft.evidence)[:_N_QUOTED]:
            n = draft.cite(item)
            figures = tuple(_checked(f, Agreement(n, f.text)) for f in figures_of(item))
            draft.show(Sentence(quotation(item, draft.question.language), (n,), Outcome.QUOTED, figures))

    def _refused(self, draft: _Draft) -> Answer:
        draft.status, draft.figure = Status.NO_EVIDENCE, None
        draft.forget_sentences()
        draft.text = prompts.refusal(draft.question.language)
        draft.lap("total")
        return self._snapshot(draft, done=True)

    def _snapshot(self, draft: _Draft, *, done: bool = False) -> Answer:
        sizes = self._archive.store.story_sizes({item.article.story_id for item in draft.cited})
        return Answer(
            question=draft.question.text,
            language=draft.question.language,
            status=draft.status,
            text=draft.text or " ".join(s.text + " " + "".join(f"[{n}]" for n in s.citations) for s in draft.sentences),
            figure=_answer_figure(draft),
            sentences=tuple(draft.sentences),
            citations=tuple(_citation(n, item, sizes.get(item.article.story_id, 1)) for n, item in enumerate(draft.cited, 1)),
            nearest=draft.nearest,
            dropped=tuple(draft.dropped),
            timings_ms=dict(draft.timings),
            engine=dict(draft.engine),
            done=done,
        )


def _model_or_note(model: BaseChatModel, messages: list[BaseMessage], draft: _Draft) -> Iterator[str]:
    """The model's sentences; a failure is noted in the answer, which goes on without the rest."""
    try:
        yield from model_sentences(model, messages)
    except failures() as exc:
        draft.dropped.append(Dropped("", f"the language model failed: {exc}"))


def _votes_for(written: str, chosen: Chosen, language: Language) -> bool:
    return any(agrees(figure, chosen.figure) for figure in read_figures(written, language))


def _lacks(chosen: Chosen | None, verdict: Verdict, draft: _Draft) -> str | None:
    if chosen is None or any(source == chosen.figure and draft.evidence[i] == chosen.evidence for _, i, source in verdict.figures):
        return None
    return f"does not state {chosen.figure.text}"


def _sentence(draft: _Draft, verdict: Verdict) -> Sentence:
    numbers = {i: draft.cite(draft.evidence[i]) for i in verdict.cited}
    figures = tuple(_checked(figure, Agreement(numbers[i], source.text)) for figure, i, source in verdict.figures)
    return Sentence(verdict.text, tuple(numbers.values()), Outcome.VERIFIED, figures)


def _answer_figure(draft: _Draft) -> AnswerFigure | None:
    chosen = draft.figure
    if chosen is None or draft.status is not Status.ANSWERED or chosen.evidence not in draft.cited:
        return None
    rendered = render_figure(chosen.figure, draft.question.language)
    return AnswerFigure(chosen.figure.text, rendered, draft.cited.index(chosen.evidence) + 1, chosen.confidence)


def _citation(n: int, item: Evidence, story_size: int) -> Citation:
    article = item.article
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published.isoformat() if article.published else None,
        language=article.language,
        url=article.url,
        quote=item.quote,
        start=item.start,
        end=item.end,
        story_id=article.story_id,
        also_in=story_size - 1,
    )


def _nearest(hits: Sequence[Hit]) -> tuple[NearestArticle, ...]:
    articles = {hit.article.id: hit.article for hit in hits}
    return tuple(
        NearestArticle(a.id, a.title, a.published.isoformat() if a.published else None)
        for a in list(articles.values())[:_N_NEAREST]
    )


def _checked(figure: Figure, agrees_with: Agreement | None) -> CheckedFigure:
    value, low, high = exact_strings(figure)
    return CheckedFigure(figure.text, figure.kind, value, low, high, figure.unit, agrees_with)
