"""Realistic cases: questions on dense articles; an answer is right if it has the required words and no wrong ones.

Their folder contains ``articles/`` and question files ending in ``questions.jsonl``, one JSON object per line.
Statements and quotations are scored separately, because a quotation leaves it to the reader whether it answers
the question.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from assistant.core.errors import EvalError
from assistant.core.languages import Language, load_table
from assistant.core.records import SentenceOutcome, Status, Turn
from assistant.core.text import nfc
from eval.dataset.cases import Split
from eval.measures.statistics import Mean, mean

BUILT_IN = Path(__file__).parents[1] / "data" / "news"
_MIN_CELL = 5


@checked_dataclass(frozen=True, config=ConfigDict(extra="ignore"))
class RealisticCase:
    """A question; an answer needs one spelling from each list in ``must``; ``span`` is the words with the answer.

    ``article`` is the file name without its extension, None if no article holds the answer.
    """

    id: str
    lang: Language
    q: str
    type: str
    article: str | None
    must: tuple[tuple[str, ...], ...]
    ban: tuple[str, ...]
    span: str
    answer: str = ""
    why: str = ""
    history: tuple[Turn | str, ...] = ()
    split: Split = Split.HELD_OUT

    @property
    def answerable(self) -> bool:
        """Whether an article holds the answer."""
        return self.article is not None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation so far; a bare string is an earlier question."""
        return tuple(Turn("user", turn) if isinstance(turn, str) else turn for turn in self.history)

    def is_about(self, url: str) -> bool:
        """Whether the article with this URL holds the answer."""
        return self.article is not None and f"/{self.article}." in url

    def is_right(self, text: str) -> bool:
        """Whether a text has a spelling of everything required and nothing that is banned."""
        words = _plain(text)
        return all(any(_spelling(s).search(words) for s in each) for each in self.must) and not any(
            _spelling(s).search(words) for s in self.ban
        )

    def is_shown(self, quote: str) -> bool:
        """Whether quoted words contain the answer."""
        span, words = _plain(self.span), _plain(quote)
        return (
            span in words
            or (len(words) > 1 and words in span)
            or all(any(_spelling(s).search(words) for s in e) for e in self.must)
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """The marks of an answer record: at most one of ``right``, ``wrong`` and ``refused`` is true.

    ``in_view``: the answer is right, or a cited quotation contains the words that answer.
    """

    case: RealisticCase
    right: bool = False
    wrong: bool = False
    refused: bool = False
    in_view: bool = False

    @property
    def stated(self) -> bool:
        """Whether something is stated rather than only quoted."""
        return self.right or self.wrong


_ADAPTER = TypeAdapter(RealisticCase)


def load_realistic(folder: Path, split: Split | None = None) -> list[RealisticCase]:
    """The questions of a folder, or only those of one split of its articles.

    Raises:
        EvalError: The folder has no questions, or a line is not a case; names the line.
    """
    files = sorted(folder.glob("*questions.jsonl"))
    if not files:
        raise EvalError(f"There are no questions (*questions.jsonl) in {folder}.")
    cases = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            try:
                cases += [_ADAPTER.validate_json(line)] if line.strip() else []
            except ValidationError as exc:
                raise EvalError(
                    f"{file}, line {number} is not a case: {exc.errors()[0]['loc']} {exc.errors()[0]['msg']}"
                ) from exc
    return [case for case in cases if split in (None, case.split)]


def mark(case: RealisticCase, answer: Mapping[str, Any] | None) -> Mark:
    """Mark an answer record; a missing one counts as a refusal."""
    if answer is None or answer["status"] == Status.NO_EVIDENCE:
        return Mark(case, refused=True)
    said = [s for s in answer["sentences"] if s["outcome"] != SentenceOutcome.QUOTED]
    stated = " ".join(s["text"] for s in said)
    right = bool(stated) and case.answerable and case.is_right(stated)
    quotes = [answer["citations"][n - 1]["quote"] for s in answer["sentences"] for n in s["citations"]]
    return Mark(
        case,
        right=right,
        wrong=bool(stated) and not right,
        in_view=right or (case.answerable and any(map(case.is_shown, quotes))),
    )


_TITLES = load_table(Language.EN, "report")["realistic"]


def measures(marks: Sequence[Mark]) -> dict[str, Mean | None]:
    """The main shares, each with its interval, by the keys of ``realistic`` in ``report.toml``."""
    answerable = [m for m in marks if m.case.answerable]
    others = [m for m in marks if not m.case.answerable]
    return {
        "precision": mean([float(m.right) for m in marks if m.stated]),
        "stated_right": mean([float(m.right) for m in answerable]),
        "in_view": mean([float(m.in_view) for m in answerable]),
        "wrongly_refused": mean([float(m.refused) for m in answerable]),
        "unanswerable_stated": mean([float(m.stated) for m in others]),
        "unanswerable_refused": mean([float(m.refused) for m in others]),
    }


def lines(marks: Sequence[Mark], title: str) -> list[str]:
    """The measures of all cases with intervals, then those of each language pair and each type, worst first."""
    found = [
        f"{title}: {sum(m.case.answerable for m in marks)} answerable, {sum(not m.case.answerable for m in marks)} not"
    ]
    for name, value in measures(marks).items():
        found.append(f"  {_TITLES[name]:32} {_interval(value)}")
    for heading, key in (("question → article", _pair), ("type", lambda m: m.case.type)):
        groups: dict[str, list[Mark]] = {}
        for one in marks:
            groups.setdefault(key(one), []).append(one)
        found.append(f"  {heading:20}    n  stated right  stated wrong  in view  refused")
        for name, group in sorted(groups.items(), key=lambda pair: (_share(pair[1], "in_view"), pair[0])):
            cells = "  ".join(
                f"{_share(group, field):11.0%}" for field in ("right", "wrong", "in_view", "refused")
            )
            found.append(f"    {name:18} {len(group):4}  {cells}")
    return found


def _pair(one: Mark) -> str:
    span = one.case.span
    language = "–" if not span else "ko" if re.search("[가-힣]", span) else "vi"
    return f"{one.case.lang} → {language}"


def _share(group: Sequence[Mark], field: str) -> float:
    return float(sum(getattr(one, field) for one in group)) / len(group)


def _interval(value: Mean | None) -> str:
    return f"{value.value:4.0%} ({value.low:.0%}–{value.high:.0%}, n = {value.n})" if value else "–"


def save_rows(file: Path, cases: Sequence[RealisticCase], answers: Sequence[Mapping[str, Any]]) -> None:
    """Write a run's answers as JSON Lines."""
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = (
        {"id": case.id, "question": case.q, "answer": answer}
        for case, answer in zip(cases, answers, strict=True)
    )
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _plain(text: str) -> str:
    return " ".join(nfc(text).lower().split())


@cache
def _spelling(spelling: str) -> re.Pattern[str]:
    """Pattern for a spelling; one that begins or ends with a digit must not be part of a longer number."""
    words = _plain(spelling)
    before = r"(?<![\d.,])" if words[:1].isdecimal() else ""
    after = r"(?![\d]|[.,]\d)" if words[-1:].isdecimal() else ""
    return re.compile(before + re.escape(words) + after)
