"""How long whole answers take, how fast the language model writes beside llama.cpp alone, and what both hold in memory."""

import statistics
import time
from collections.abc import Iterator, Sequence

import psutil
from langchain_core.messages import HumanMessage

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.errors import EvalError
from assistant.core.settings import Settings
from assistant.models.engines import open_model
from assistant.models.llama import EmbeddedChat
from assistant.question.understand import understand
from eval.dataset.cases import Case
from eval.systems.timed import TimedModel

_CASES = 20
"""Questions answered: some ten seconds each."""
_PROMPTS, _TOKENS = 6, 64
_SENTENCES = 8
"""Evidence sentences in a prompt that both write from."""


def lines(archive: Archive, settings: Settings, cases: Sequence[Case]) -> Iterator[dict[str, float]]:
    """``answer_speed`` and, if the model is embedded, ``token_speed``.

    Raises:
        EvalError: The settings name no model.
        ModelUnavailable: The model cannot be loaded or reached.
    """
    model = open_model(settings)
    if model is None:
        raise EvalError(
            "How long answers take needs a model: set NEWS_LLM__ENGINE to another engine than none."
        )
    timed = TimedModel(model=model)
    yield answer_speed(AnswerPipeline(archive, timed, settings), timed, cases[:_CASES])
    if isinstance(model, EmbeddedChat):
        pipeline = AnswerPipeline(archive, None, settings)
        yield token_speed(model, [_prompt(pipeline, case.question) for case in cases[:_PROMPTS]])
        model.close()


def answer_speed(pipeline: AnswerPipeline, timed: TimedModel, cases: Sequence[Case]) -> dict[str, float]:
    """Medians of the parts of an answer's time.

    ``quotation`` and ``first_sentence`` are the shares after which the nearest quotation and the first sentence
    that stays are shown; ``over_model`` is the time of all answers over what the language model spent on their
    prompts and tokens. ``resident_mib`` is what this process and its children hold afterwards.
    """
    pipeline.invoke(Ask(cases[0].question))
    timed.seconds, parts = 0.0, []
    for case in cases:
        started = time.perf_counter()
        growing = pipeline.stream(Ask(case.question, case.history))
        answer, quoted = next(growing), time.perf_counter() - started
        for answer in growing:  # noqa: B007 - the last one is the whole
            pass
        parts.append((time.perf_counter() - started, quoted, answer.timings_ms.get("first_sentence")))
    whole = [total for total, *_ in parts]
    return {
        "answers": len(parts),
        "seconds": round(statistics.median(whole), 1),
        "quotation": round(statistics.median(quoted / total for total, quoted, _ in parts), 3),
        "first_sentence": round(
            statistics.median(first / 1000 / total for total, _, first in parts if first is not None), 3
        ),
        "over_model": round(sum(whole) / timed.seconds, 3) if timed.seconds else 0.0,
        "resident_mib": resident_mib(),
    }


def token_speed(model: EmbeddedChat, prompts: Sequence[str]) -> dict[str, float]:
    """The embedded model beside llama.cpp in this process, on the same prompts, turn by turn.

    ``of_llama`` is the median of llama.cpp's time over the model's, for prompt and tokens; both write the same
    tokens, for both take the likeliest.
    """
    from llama_cpp import Llama

    threads = {"n_threads": model.threads, "n_threads_batch": model.threads}
    llama = Llama(str(model.path), n_ctx=model.context_tokens, verbose=False, **threads)
    asked = model.model_copy(update={"max_tokens": _TOKENS})
    rows = []
    for prompt in prompts:
        messages = [{"role": "user", "content": prompt}]
        started = time.perf_counter()
        ours = sum(1 for chunk in asked.stream([HumanMessage(prompt)]) if chunk.content)
        between = time.perf_counter()
        theirs = llama.create_chat_completion(messages, max_tokens=_TOKENS, temperature=0.0)
        ended = time.perf_counter()
        rows.append((ours / (between - started), theirs["usage"]["completion_tokens"] / (ended - between)))
    llama.close()
    return {
        "prompts": len(rows),
        "tokens_a_second": round(statistics.median(ours for ours, _ in rows), 1),
        "of_llama": round(statistics.median(ours / theirs for ours, theirs in rows), 3),
    }


def resident_mib() -> int:
    """What this process and its children hold in memory now."""
    own = psutil.Process()
    return int(sum(each.memory_info().rss for each in (own, *own.children(recursive=True)))) // 2**20


def _prompt(pipeline: AnswerPipeline, question: str) -> str:
    found = pipeline.prepare(understand(question)).evidence[:_SENTENCES]
    return "\n".join((*(item.quote for item in found), "", question))
