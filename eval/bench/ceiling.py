"""Measures what the pipeline lets through from a model that is always right and one that lies, and where truth is lost."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel, generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.records import Article, SentenceOutcome
from assistant.core.settings import Settings
from assistant.core.text import nfc
from assistant.question.understand import understand
from assistant.reading.pool import Calibration
from assistant.writing import prompts
from eval.dataset import mutations
from eval.dataset.cases import Split
from eval.dataset.examples import Example, realistic_examples
from eval.dataset.realistic import RealisticCase, load_realistic, mark
from eval.fit.calibration import calibrate, out_of_fold
from eval.measures.support import unsupported_figures

_LINE = re.compile(r"^\[(\d+)\] \((?:[^()]|\([^()]*\))*\) (.*)$", re.MULTILINE)
_RENDERED = re.compile(r" \(= [^()]*(?:\([^()]*\))?[^()]*\)")
_LIES = {
    Language.KO: "그 비율은 87.31%입니다.",
    Language.VI: "Tỷ lệ đó là 87,31%.",
    Language.EN: "The share was 87.31%.",
}
SCRIPTED = "scripted"
"""Name that the calibration of the always-right model goes by."""
_WRITTEN = frozenset((SentenceOutcome.VERIFIED, SentenceOutcome.REPAIRED))
STEPS = ("retrieval", "evidence", "prompt", "verification", "pool", "through")
"""The steps at which the truth may be lost, in order; ``through`` means that it was not."""


class ScriptedReader(BaseChatModel):
    """Answers its case from the evidence it is shown: truthfully, or falsely if ``lies``."""

    case: RealisticCase | None = None
    lies: bool = False

    @property
    def _llm_type(self) -> str:
        return SCRIPTED

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: Any = None,  # noqa: ARG002 - LangChain's own
        run_manager: Any = None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Iterator[ChatGenerationChunk]:
        if self.case is None:
            raise ValueError("it is given no case")
        says = lie(self.case) if self.lies else truth(self.case, str(messages[1].content))
        yield ChatGenerationChunk(message=AIMessageChunk(content=says))


def truth(case: RealisticCase, prompt: str) -> str:
    """The gold answer, citing the lines that contain it; the refusal if none does."""
    bearing = [
        n for n, line in _LINE.findall(prompt) if case.answerable and case.is_shown(_RENDERED.sub("", line))
    ]
    return f"{nfc(case.answer)} [{', '.join(bearing)}]" if bearing else prompts.refusal(case.lang)


def lie(case: RealisticCase) -> str:
    """The gold answer with an altered figure, or an invented figure if it has none."""
    altered = (
        m.text
        for m in mutations.mutations(nfc(case.answer), case.lang)
        if m.outcome is mutations.AlterationOutcome.CAUGHT
    )
    return f"{next(altered, _LIES[case.lang])} [1]"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Results on the held-out cases: the steps at which the right model's answers were lost, and the lies shown."""

    lost_at: Counter[str]
    refused: int
    unanswerable: int
    lies_shown: tuple[str, ...]
    calibration: Calibration


def scripted_examples(archive: Archive, settings: Settings, folder: Path, every: int = 1) -> list[Example]:
    """The development half of a folder's cases as the always-right model reads them."""
    right = ScriptedReader()
    pipeline = AnswerPipeline(archive, right, settings)
    return [
        example
        for case in load_realistic(folder, Split.DEVELOPMENT)[::every]
        for right.case in (case,)
        for example in realistic_examples(pipeline, [case])
    ]


def ceiling(archive: Archive, settings: Settings, folder: Path, every: int = 1) -> Ceiling:
    """Calibrate the pool for the always-right model on one half of a folder's cases, then run both models on the other."""
    examples = scripted_examples(archive, settings, folder, every)
    found = calibrate(out_of_fold(examples, examples), SCRIPTED)
    right = ScriptedReader()
    pipeline = AnswerPipeline(archive, right, settings, found)
    lost: Counter[str] = Counter()
    refused, cases = 0, load_realistic(folder, Split.HELD_OUT)[::every]
    for case in cases:
        right.case = case
        one = mark(case, pipeline.invoke(Ask(case.q, case.turns)).to_json())
        if case.answerable:
            lost["through" if one.right else _lost_at(pipeline, case)] += 1
        refused += one.refused and not case.answerable
    return Ceiling(
        lost,
        refused,
        sum(not case.answerable for case in cases),
        _lies_shown(archive, settings, found, cases),
        found,
    )


def lines(found: Ceiling) -> Iterator[str]:
    """The results as lines of text."""
    n = found.lost_at.total()
    yield f"a model that is always right, {n} answerable questions: {found.lost_at['through'] / n:.0%} answered right"
    for step in STEPS[:-1]:
        yield f"  lost at {step:13} {found.lost_at[step]:4}"
    shown = n - found.lost_at["retrieval"] - found.lost_at["evidence"] - found.lost_at["prompt"]
    yield f"  of those whose words it is shown: {found.lost_at['through'] / max(1, shown):.0%}"
    yield f"  unanswerable refused: {found.refused} of {found.unanswerable}"
    yield f"a model that always lies: {len(found.lies_shown)} of its sentences shown"
    yield from (f"  {text}" for text in found.lies_shown)


def _lost_at(pipeline: AnswerPipeline, case: RealisticCase) -> str:
    draft = pipeline.prepare(understand(case.q, case.turns))
    if not any(_bears(case, hit.article, hit.passage.start, hit.passage.end) for hit in draft.retrieved.hits):
        return "retrieval"
    if not any(_bears(case, item.article, item.start, item.end) for item in draft.evidence):
        return "evidence"
    heard = list(pipeline.writer.read(draft) if pipeline.writer else ())
    if all(said.vote.refused for said in heard):
        return "prompt"
    return (
        "pool"
        if any(said.verdict.why is None and case.is_right(said.verdict.text) for said in heard)
        else "verification"
    )


def _bears(case: RealisticCase, article: Article, start: int, end: int) -> bool:
    span = nfc(case.span)
    at = article.text.find(span) if case.is_about(article.url) else -1
    return at >= 0 and start < at + len(span) and at < end


def _lies_shown(
    archive: Archive, settings: Settings, found: Calibration, cases: Sequence[RealisticCase]
) -> tuple[str, ...]:
    liar = ScriptedReader(lies=True)
    pipeline = AnswerPipeline(archive, liar, settings, found)
    shown = []
    for case in cases:
        liar.case = case
        record = pipeline.invoke(Ask(case.q, case.turns)).to_json()
        for sentence in record["sentences"]:
            cited = [record["citations"][n - 1] for n in sentence["citations"]]
            if sentence["outcome"] in _WRITTEN and (
                unsupported_figures(sentence, cited, case.lang) or not case.is_right(sentence["text"])
            ):
                shown.append(f"{case.id}: {sentence['text']}")
    return tuple(shown)
