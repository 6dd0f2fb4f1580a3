"""Test cases: a question, what a right answer states, and where the articles say it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assistant.core.errors import EvalError
from assistant.core.figures import COUNTERS, Kind, figure_json, read_figures
from assistant.core.languages import Language
from assistant.core.records import Evidence, Turn
from assistant.core.text import detect_language, nfc
from ingest.extract import read_article

BUILT_IN = Path(__file__).parents[1] / "data" / "cases.jsonl"


class Split(StrEnum):
    """What a case may be used for: rules and thresholds are fitted on one half, results reported on the other."""

    DEVELOPMENT = "development"
    HELD_OUT = "held_out"


class CaseType(StrEnum):
    """The kind of answer a case asks for."""

    FIGURE = "figure"
    NARRATIVE = "narrative"
    COMPARISON = "comparison"
    LIST = "list"
    DISAGREEMENT = "disagreement"
    CONTRADICTION = "contradiction"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True)
class GoldFigure:
    """A figure in canonical form: ``value`` is an exact decimal string, or EDTF for a date.

    A range has ``low`` and ``high`` instead.
    """

    kind: Kind
    unit: str
    value: str | None = None
    low: str | None = None
    high: str | None = None

    def __str__(self) -> str:
        """The value, or the ends of the range, with the unit."""
        return f"{self.value or '–'.join((self.low or '', self.high or ''))} {self.unit}"

    def is_stated(self, figure: Mapping[str, str | None]) -> bool:
        """Whether a figure, as it appears in an answer record, states this one.

        "about" makes no difference.
        """
        # "4th" may be a rank or an ordinal, "4 times" a multiple or a frequency; a counter does not say what is
        # counted.
        same_unit = (
            figure["unit"] == self.unit
            or self.kind in (Kind.RANK, Kind.TIMES)
            or {figure["unit"], self.unit} <= COUNTERS
        )
        if (figure["kind"], figure["value"]) != (self.kind, self.value) or not same_unit:
            return False
        return self.value is not None or (figure["low"], figure["high"]) == (self.low, self.high)


@dataclass(frozen=True)
class GoldSpan:
    """Words of a sample article that contain the answer; ``article`` is a path under the articles folder."""

    article: str
    quote: str

    def is_of(self, url: str) -> bool:
        """Whether the words are from the article with this URL."""
        parts = PurePosixPath(self.article).parts
        return PurePosixPath(unquote(urlsplit(url).path)).parts[-len(parts) :] == parts

    def is_in(self, passage: Evidence) -> bool:
        """Whether a passage contains the words."""
        return self.is_of(passage.article.url) and nfc(self.quote) in passage.quote


@dataclass(frozen=True)
class Case:
    """One question; ``reason`` says why it was included, ``answer`` is a gold answer in the question's language."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    question: str
    type: CaseType
    answerable: bool
    figures: tuple[GoldFigure, ...]
    spans: tuple[GoldSpan, ...]
    reason: str
    split: Split = Split.DEVELOPMENT
    answer: str = ""
    history: tuple[Turn, ...] = field(default=())

    @property
    def language(self) -> Language:
        """The question's language."""
        return detect_language(self.question)


_ADAPTER = TypeAdapter(Case)


def load_cases(path: Path = BUILT_IN, split: Split | None = None) -> list[Case]:
    """The cases of a JSON Lines file, or only those of one split.

    Raises:
        EvalError: The file cannot be read, a line is not a case, or two cases share an id; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise EvalError(f"The cases {path} cannot be read: {exc}") from exc
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = _ADAPTER.validate_json(line)
        except ValidationError as exc:
            details = "; ".join(
                f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in exc.errors()
            )
            raise EvalError(f"{path}, line {number} is not a case: {details}") from exc
        if case.id in cases:
            raise EvalError(f"{path}, line {number}: the id {case.id!r} was used before.")
        cases[case.id] = case
    if not cases:
        raise EvalError(f"{path} holds no cases.")
    return [case for case in cases.values() if split in (None, case.split)]


def unproven(cases: list[Case], folder: Path) -> list[str]:
    """Describe every claim of the cases that their articles do not support.

    Empty if all gold spans and figures are really there.
    """
    problems = []
    for case in cases:
        held: list[dict[str, Any]] = []
        for span in case.spans:
            file = folder / span.article
            if not file.is_file():
                problems.append(f"{case.id}: there is no article {span.article}")
                continue
            article = read_article(file)
            if nfc(span.quote) not in article.text:
                problems.append(
                    f"{case.id}: {span.article} does not hold {json.dumps(span.quote, ensure_ascii=False)}"
                )
            figures = read_figures(nfc(span.quote), article.language, article.published)
            held += [figure_json(figure) for figure in figures]
        problems += [
            f"{case.id}: no span states {gold}" for gold in case.figures if not any(map(gold.is_stated, held))
        ]
    return problems
