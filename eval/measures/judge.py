"""An optional judge: any configured language model says whether an answer states what the gold answer states.

Its verdicts complement the metrics and replace none of them: a small model often passes a wrong figure.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.core.errors import EvalError
from assistant.models.engines import failures
from assistant.writing import prompts
from eval.dataset.cases import Case
from eval.runs import Row, load_rows

_VERDICT = re.compile(r"(?<![A-Za-z])(RIGHT|WRONG)(?![A-Za-z])")

WORDS = {True: "RIGHT", False: "WRONG", None: "?"}
"""The word for each verdict; ``?`` stands for none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judge's verdict on one answer; ``is_right`` is None if it used neither word.

    ``prompt`` is the hash of everything the judge was shown, so that any change of question, gold or answer
    invalidates the verdict.
    """

    id: str
    is_right: bool | None
    reason: str
    model: str
    prompt: str


def judge_rows(
    model: BaseChatModel, name: str, cases: Sequence[Case], rows: Sequence[Row], file: Path
) -> Iterator[Verdict]:
    """Judge the answers the file has no verdict for; each verdict is written before it is yielded.

    Only answerable cases with an answer are judged; whether the others were rightly refused needs no judge.

    Raises:
        EvalError: The model fails, or the file is damaged.
    """
    known = load_verdicts(file)
    answers = {row["id"]: row["answer"]["text"] for row in rows if "answer" in row}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        for case in cases:
            if not case.answerable or case.id not in answers:
                continue
            messages = judge_prompt(case, answers[case.id])
            shown = prompts.prompt_hash(messages)
            if case.id in known and (known[case.id].prompt, known[case.id].model) == (shown, name):
                continue
            verdict = _verdict(case.id, _reply(model, messages), name, shown)
            out.write(json.dumps(asdict(verdict), ensure_ascii=False) + "\n")
            out.flush()
            yield verdict


def judge_prompt(case: Case, answer: str) -> list[BaseMessage]:
    """The messages that ask for a verdict.

    The gold answer is the case's answer followed by its gold figures.
    """
    gold = " ".join(
        part
        for part in (case.answer, f"({'; '.join(map(str, case.figures))})" if case.figures else "")
        if part
    )
    return [
        SystemMessage(prompts.render("judge", case.language, "system")),
        HumanMessage(
            prompts.render("judge", case.language, "user", question=case.question, gold=gold, answer=answer)
        ),
    ]


def load_verdicts(file: Path) -> dict[str, Verdict]:
    """The latest verdict on each case; empty if nothing was judged. A last line cut off by a crash is dropped.

    Raises:
        EvalError: A line is not a verdict.
    """
    if not file.exists():
        return {}
    try:
        found = [Verdict(**row) for row in load_rows(file)]
    except TypeError as exc:
        raise EvalError(f"The verdicts {file} are damaged ({exc}); remove the file and judge again.") from exc
    return {verdict.id: verdict for verdict in found}


def valid_verdicts(
    cases: Sequence[Case], rows: Sequence[Row], verdicts: Mapping[str, Verdict]
) -> dict[str, Verdict]:
    """The verdicts that still apply to the answers in a run."""
    answers = {row["id"]: row["answer"]["text"] for row in rows if "answer" in row}
    judged = [case for case in cases if case.id in verdicts and case.id in answers]
    return {
        case.id: verdicts[case.id]
        for case in judged
        if verdicts[case.id].prompt == prompts.prompt_hash(judge_prompt(case, answers[case.id]))
    }


def marks(cases: Sequence[Case], rows: Sequence[Row], verdicts: Mapping[str, Verdict]) -> dict[str, float]:
    """1 or 0 for each judged case.

    If any verdict is valid, answerable cases whose answer failed count as wrong.
    """
    answered = {row["id"] for row in rows if "answer" in row}
    valid = valid_verdicts(cases, rows, verdicts)
    failed = {row["id"] for row in rows} - answered if valid else set()
    return {case.id: 0.0 for case in cases if case.answerable and case.id in failed} | {
        name: float(bool(verdict.is_right)) for name, verdict in valid.items()
    }


def _reply(model: BaseChatModel, messages: list[BaseMessage]) -> str:
    try:
        return str(model.invoke(messages).content)
    except failures() as exc:
        raise EvalError(
            f"The judge failed: {exc}. What it has said is kept; run the command again to go on."
        ) from exc


def _verdict(case: str, reply: str, model: str, shown: str) -> Verdict:
    """The first occurrence of either word decides; the text after it is the reason."""
    match = _VERDICT.search(reply)
    if match is None:
        return Verdict(case, None, " ".join(reply.split()), model, shown)
    reason = " ".join(reply[match.end() :].split()).strip(".: ")
    return Verdict(case, match[1] == "RIGHT", reason, model, shown)
