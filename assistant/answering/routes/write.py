"""Lets the language model answer; a sentence is shown only if it is verified and the pool is sure of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage

from assistant.answering.conflicts import corrected
from assistant.answering.draft import Draft
from assistant.core.embedding import Embedder
from assistant.core.figures import Figure, agrees, read_figures
from assistant.core.languages import Language
from assistant.core.records import Evidence, Progress, SentenceOutcome, Stage
from assistant.core.settings import Settings
from assistant.models.engines import Queues, count_tokens, failures
from assistant.models.turns import Turn
from assistant.reading.candidates import Candidate
from assistant.reading.pool import Calibration, Vote, pool
from assistant.retrieval.evidence import with_neighbour
from assistant.writing import prompts
from assistant.writing.sentences import model_sentences
from assistant.writing.verify import Verdict, verify

_LOOK_S = 0.5
"""How often the place in the model's queue is looked at, in seconds."""
_CHAT_OVERHEAD_TOKENS = 64
"""Tokens that a chat template adds to the messages."""


@dataclass(frozen=True, slots=True)
class Said:
    """A language model's sentence with its verdict, and the vote of all its sentences so far."""

    verdict: Verdict
    vote: Vote
    outcome: SentenceOutcome = SentenceOutcome.VERIFIED


@dataclass(frozen=True, slots=True)
class Writer:
    """Lets a language model answer from a draft's evidence."""

    model: BaseChatModel
    settings: Settings
    embedder: Embedder
    calibration: Calibration

    def write(self, draft: Draft) -> Iterator[None]:
        """Add to the draft the sentences that are verified and that the pool is sure of, one per step.

        A template sentence stays only if the pool still chooses its figure. Where the model states that figure,
        but in words that do not pass, the template states it.
        """
        yield from self._in_turn(draft, partial(self._write, draft))

    def translate(self, draft: Draft) -> Iterator[None]:
        """Add to the quotations from another language a translation, if its figures and names agree with theirs."""
        foreign = [
            (i, item)
            for i, sentence in enumerate(draft.sentences)
            if sentence.outcome is SentenceOutcome.QUOTED
            for item in (draft.cited[sentence.citations[0] - 1],)
            if item.article.language is not draft.language
        ]
        if foreign:
            yield from self._in_turn(draft, partial(self._translate, draft, foreign))

    def _in_turn(self, draft: Draft, work: Callable[[Turn | None], Iterator[None]]) -> Iterator[None]:
        """Do something with the model when it is this answer's turn."""
        with self.model.queue() if isinstance(self.model, Queues) else nullcontext() as turn:
            while turn and not turn.wait(_LOOK_S):
                draft.progress = Progress(Stage.WAITING, turn.ahead)
                yield
            yield from work(turn)

    def _translate(
        self, draft: Draft, foreign: Sequence[tuple[int, Evidence]], turn: Turn | None
    ) -> Iterator[None]:
        draft.progress = Progress(Stage.TRANSLATING)
        for i, item in foreign:
            yield
            messages = prompts.translation_prompt(item, draft.language)
            text = " ".join(self._sentences(messages, draft, turn))
            if text and not (why := self._why_no_translation(text, item, draft)):
                draft.sentences[i] = replace(draft.sentences[i], translation=text)
            elif text:
                draft.note(f"a translation is not shown: {why}")

    def _why_no_translation(self, text: str, item: Evidence, draft: Draft) -> str | None:
        verdict = verify(text, [item], draft.language, self.embedder, draft.stats)
        stated = [figure for figure, _, _ in verdict.figures]
        if not verdict.why and any(not any(agrees(one, f) for one in stated) for f in item.figures):
            return "a figure is missing"
        return verdict.why

    def _write(self, draft: Draft, turn: Turn | None) -> Iterator[None]:
        stated, vote = draft.figure if draft.sentences else None, Vote()
        draft.progress = Progress(Stage.READING, len(self._that_fit(draft)))
        yield
        for said in self.read(draft, turn):
            vote, draft.progress = said.vote, Progress(Stage.WRITING)
            draft.choice = corrected(pool(draft.measured, self.calibration, vote))
            if why := said.verdict.why or self._why_not_sure(draft, said.verdict):
                draft.drop(said.verdict.text, why)
                continue
            if stated:
                draft.forget_sentences()
                stated = None
            draft.show_written(said.verdict, said.outcome)
            yield
        if draft.sentences and not stated:
            return
        chosen = draft.figure
        if (
            chosen
            and (stated or vote.names(chosen.figure))
            and draft.choice.is_certain
            and not draft.overview
        ):
            draft.forget_sentences()
            draft.show_template(chosen)
            yield
        elif stated:
            draft.forget_sentences()  # the model's vote has made it doubtful

    def read(self, draft: Draft, turn: Turn | None = None) -> Iterator[Said]:
        """The model's sentences, each verified, with the vote so far; one repair attempt if none passes.

        A refusal comes as a verdict that says so, and ends the answer. Without a ``turn`` at the model, every
        attempt waits for one of its own.
        """
        question, evidence = draft.question, self._that_fit(draft)
        messages = prompts.answer_prompt(question.standalone, question.language, evidence)
        draft.engine["prompt_hash"] = prompts.prompt_hash(messages)
        verdicts: list[Verdict] = []
        for sentence in self._sentences(messages, draft, turn):
            verdict = self._verify(draft, sentence, evidence)
            if prompts.refusal(question.language).rstrip(".") in sentence:
                yield Said(replace(verdict, why="the model finds no answer"), Vote(refused=True))
                return
            verdicts.append(verdict)
            yield Said(verdict, _vote(verdicts, question.language))
        if not verdicts:
            draft.note("the language model wrote nothing")
        if not verdicts or any(verdict.why is None for verdict in verdicts):
            return
        reasons = "; ".join(f"{verdict.text} ({verdict.why})" for verdict in verdicts)
        repair = prompts.repair_prompt(
            messages, " ".join(verdict.text for verdict in verdicts), reasons, question.language
        )
        for sentence in self._sentences(repair, draft, turn):
            verdicts.append(self._verify(draft, sentence, evidence))
            yield Said(verdicts[-1], _vote(verdicts, question.language), SentenceOutcome.REPAIRED)

    def _why_not_sure(self, draft: Draft, verdict: Verdict) -> str | None:
        """Why the pool is not sure enough to state a verified sentence; None if it is."""
        if draft.overview:
            return None
        limits, choice = self.calibration, draft.choice
        if draft.question.answer_type:
            sure = choice.mass(*(source for _, _, source in verdict.figures))
            return (
                None if sure >= limits.figure.write_from else f"not sure enough of its figures ({sure:.0%})"
            )
        sure = choice.support(verdict.cited)
        return (
            None
            if sure >= limits.sentence.write_from
            else f"not sure enough of the sentence that it cites ({sure:.0%})"
        )

    def _that_fit(self, draft: Draft) -> list[Evidence]:
        """The best sentences that fit into the model's context with prompt and answer; at least one."""
        question, llm = draft.question, self.settings.llm
        wanted = [
            with_neighbour(item) for item in draft.overview or draft.evidence[: self.settings.n_sentences]
        ]
        empty = prompts.answer_prompt(question.standalone, question.language, [])
        lines = [prompts.evidence_line(n, item, question.language) for n, item in enumerate(wanted, 1)]
        fixed, *each = count_tokens(self.model, [prompts.as_text(empty), *lines])
        room = llm.context_tokens - llm.max_tokens - _CHAT_OVERHEAD_TOKENS - fixed
        kept: list[Evidence] = []
        for item, size in zip(wanted, each, strict=True):
            room -= size + 1
            if room < 0 and kept:
                draft.note(
                    f"{len(wanted) - len(kept)} sentences of evidence do not fit into {llm.context_tokens} tokens",
                )
                break
            kept.append(item)
        return kept

    def _verify(self, draft: Draft, sentence: str, evidence: Sequence[Evidence]) -> Verdict:
        question = draft.question.standalone
        return verify(sentence, evidence, draft.language, self.embedder, draft.stats, question=question)

    def _sentences(self, messages: list[BaseMessage], draft: Draft, turn: Turn | None) -> Iterator[str]:
        """The model's sentences; a failure is noted in the trace, and the answer goes on without the rest."""
        try:
            yield from model_sentences(self.model, messages, **({"turn": turn} if turn else {}))
        except failures() as exc:
            draft.note(f"the language model failed: {exc}")


def _vote(verdicts: Sequence[Verdict], language: Language) -> Vote:
    """The vote of a model's sentences: the source figures they match or, if they match none, those they state."""
    figures: list[Figure] = []
    for verdict in verdicts:
        figures += [source for _, _, source in verdict.figures] or read_figures(verdict.text, language)
    verified = [verdict for verdict in verdicts if verdict.why is None]
    return Vote(
        tuple(figures),
        tuple(item for verdict in verified for item in verdict.cited),
        verified=tuple(Candidate(item, source) for one in verified for _, item, source in one.figures),
    )
