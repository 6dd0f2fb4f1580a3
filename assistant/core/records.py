"""The value objects that travel between the rooms: articles, passages, hits and the answer record."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from assistant.core.figures.figure import Figure, joined
from assistant.core.languages import Language
from assistant.core.tabular import Row


class Status(StrEnum):
    """How a question was answered."""

    ANSWERED = "answered"
    QUOTED = "quoted"
    NO_EVIDENCE = "no_evidence"


class SentenceOutcome(StrEnum):
    """Where a shown sentence comes from."""

    VERIFIED = "verified"
    REPAIRED = "repaired"
    TEMPLATED = "templated"
    QUOTED = "quoted"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as stored; ``text`` is NFC and never changes, all offsets refer to it.

    ``body_start`` is the offset after the header lines (section, title, byline), which belong to the text but
    to no passage.
    """

    id: str
    url: str
    title: str
    text: str
    language: Language
    published: date | None = None
    publisher: str = ""
    origin: str | None = None
    body_start: int = 0
    story_id: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` (inclusive) to ``end`` (exclusive) of an article's text, and what was read there.

    ``figures`` and ``terms`` have their places within the span; ``row`` is the row of a table that the span
    is, ``header`` the table's caption and heads, empty for any other sentence.
    """

    start: int
    end: int
    figures: tuple[Figure, ...] = field(default=(), compare=False)
    terms: tuple[tuple[str, int], ...] = field(default=(), compare=False)
    row: Row | None = field(default=None, compare=False)
    header: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article; ``id`` is ``<article id>:<number>``."""

    id: str
    article_id: str
    start: int
    end: int
    sentences: tuple[Span, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of all sentences; their places are those in the article."""
        return joined((span.start, span.figures) for span in self.sentences)


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts retrieval; empty means no restriction. Both dates are inclusive.

    An undated article passes no date filter.
    """

    languages: tuple[Language, ...] = ()
    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage.

    ``dense`` is in standard deviations above the mean of the article's language, ``lexical`` a BM25 score
    comparable only within one language, ``score`` their fusion.
    """

    article: Article
    passage: Passage
    dense: float = 0.0
    lexical: float = 0.0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence offered as evidence.

    ``score`` ranks it against the question; ``nearness`` is its own, in standard deviations above the mean of
    its article's language, ``passage_score`` its passage's; ``vector`` is its unit embedding.
    """

    article: Article
    span: Span
    score: float = 0.0
    nearness: float = 0.0
    passage_score: float = 0.0
    vector: Any = field(default=None, compare=False, repr=False)

    @property
    def start(self) -> int:
        """Offset of its first character in the article."""
        return self.span.start

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.span.end

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, those of a table's row with the units of its table; places are those in the sentence."""
        return self.span.figures

    @property
    def quote(self) -> str:
        """The exact words."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; ``role`` is ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The source figure that a shown figure agrees with."""

    citation: int
    text: str


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of a shown sentence with what it agrees with.

    Values are exact decimal strings, a date's EDTF.
    """

    text: str
    kind: str
    value: str | None
    low: str | None
    high: str | None
    unit: str
    agrees_with: Agreement | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence shown as fact, with the numbers of its citations."""

    text: str
    citations: tuple[int, ...]
    outcome: SentenceOutcome
    figures: tuple[CheckedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of a stored article: ``quote`` equals the article's text from ``start`` to ``end``."""

    n: int
    article_id: str
    title: str
    publisher: str
    published: str | None
    language: str
    url: str
    quote: str
    start: int
    end: int
    story_id: str
    also_in: int = 0


@dataclass(frozen=True, slots=True)
class AnswerFigure:
    """The figure chosen by code: as the source writes it, as the answer's language writes it, where it stands."""

    text: str
    rendered: str
    citation: int
    confidence: float


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """One side of a disagreement."""

    text: str
    citation: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Figures for one thing that do not agree, between articles or within one."""

    about: str
    figures: tuple[FigureClaim, ...]


@dataclass(frozen=True, slots=True)
class NearestArticle:
    """An article near the question, named when it does not hold the answer."""

    article_id: str
    title: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that the model wrote and that was not shown."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Period:
    """The days of publication, both inclusive, that articles were looked for in; ISO dates."""

    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer record; while an answer is being made, snapshots of it grow until ``done``."""

    question: str
    language: Language
    status: Status
    standalone: str = ""
    period: Period | None = None
    text: str = ""
    figure: AnswerFigure | None = None
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    nearest: tuple[NearestArticle, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    trace: tuple[str, ...] = ()
    timings_ms: Mapping[str, int] = field(default_factory=dict)
    engine: Mapping[str, str] = field(default_factory=dict)
    done: bool = False

    def with_changes(self, **changes: Any) -> Self:
        """A copy with some fields replaced."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON types, keys as in the README; ``standalone`` only where it is not the question itself.

        ``period`` is there only where the question names days of publication or a person has set them.
        """
        record = asdict(self)
        record.pop("done")
        if self.standalone in ("", self.question):
            record.pop("standalone")
        if self.period is None:
            record.pop("period")
        return record
