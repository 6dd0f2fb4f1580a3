"""Value objects shared by the packages: articles, passages, hits and the answer record."""

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
    """How a shown sentence was produced."""

    VERIFIED = "verified"
    REPAIRED = "repaired"
    TEMPLATED = "templated"
    QUOTED = "quoted"


class Stage(StrEnum):
    """What is being done for an answer in progress."""

    READING = "reading"
    WAITING = "waiting"
    WRITING = "writing"
    TRANSLATING = "translating"


class Relation(StrEnum):
    """What an article is to the first article of its story."""

    OWN = "own"
    COPY = "copy"
    TRANSLATION = "translation"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article; ``text`` is NFC and immutable, and all offsets refer to it.

    ``body_start`` is the offset after the header lines (section, title, byline), which are part of the text
    but of no passage. ``version`` counts the texts that its source has had. ``canonical`` is the address that
    the page names as its own, where that is not ``url``.
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
    author: str = ""
    updated: date | None = None
    version: int = 1
    canonical: str = ""
    relation: Relation = Relation.OWN


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` (inclusive) to ``end`` (exclusive) of an article's text, with what was read there.

    ``figures`` and ``terms`` have offsets within the span. If the span is a table row, ``row`` is that row.
    ``header`` is the caption and column heads of the table, empty for any other sentence.
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
        """The figures of all sentences, with offsets in the article."""
        return joined((span.start, span.figures) for span in self.sentences)


@dataclass(frozen=True, slots=True)
class Filters:
    """Restricts retrieval; an empty field means no restriction. Both dates are inclusive.

    If a date is set, undated articles are excluded.
    """

    languages: tuple[Language, ...] = ()
    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage.

    ``dense`` is in standard deviations above the mean of the article's language, ``lexical`` is a BM25 score
    comparable only within one language, and ``score`` is the two fused.
    """

    article: Article
    passage: Passage
    dense: float = 0.0
    lexical: float = 0.0
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence offered as evidence.

    ``score`` ranks it for the question. ``nearness`` is the sentence's own similarity to the question, in
    standard deviations above the mean of its article's language. ``passage_score`` is the score of its
    passage, ``vector`` its unit embedding.
    """

    article: Article
    span: Span
    score: float = 0.0
    nearness: float = 0.0
    passage_score: float = 0.0
    vector: Any = field(default=None, compare=False, repr=False)

    @property
    def start(self) -> int:
        """Offset of the first character in the article."""
        return self.span.start

    @property
    def end(self) -> int:
        """Offset after the last character."""
        return self.span.end

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, with offsets in the sentence; those in a table row carry the table's units."""
        return self.span.figures

    @property
    def quote(self) -> str:
        """The exact wording."""
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
    """A figure in a shown sentence, and the source figure it agrees with.

    Values are exact decimal strings; a date's value is its EDTF.
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
    """A sentence shown as fact, with its citation numbers.

    ``translation`` is the language model's translation of a quotation from another language, if its figures and
    names agree with the quotation's.
    """

    text: str
    citations: tuple[int, ...]
    outcome: SentenceOutcome
    figures: tuple[CheckedFigure, ...] = ()
    translation: str = ""


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article that tells the same story as another one."""

    article_id: str
    title: str
    publisher: str
    language: str
    relation: str
    url: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quotation: ``quote`` is the stored article's text from ``start`` to ``end``.

    ``others`` are the other articles that tell its story; ``also_in`` is their number.
    """

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
    version: int = 1
    others: tuple[StoryMember, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerFigure:
    """The figure selected by the program: as written in the source, as rendered in the answer's language, and its citation."""

    text: str
    rendered: str
    citation: int
    confidence: float


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """One side of a disagreement: as written in the source, and as rendered in the answer's language."""

    text: str
    citation: int
    rendered: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Conflicting figures for the same thing, within one article or between articles."""

    about: str
    figures: tuple[FigureClaim, ...]


@dataclass(frozen=True, slots=True)
class NearestArticle:
    """An article close to the question, listed when no answer was found."""

    article_id: str
    title: str
    published: str | None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence the model wrote that was not shown."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Period:
    """Publication dates the search was restricted to, both inclusive, in ISO format."""

    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is: ``n`` sentences are being read, or ``n`` questions wait before it for the model."""

    stage: Stage
    n: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer record; while the answer is being produced, successive snapshots grow until ``done``.

    ``done`` and ``progress`` are no part of the record's JSON.
    """

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
    progress: Progress | None = None

    def with_changes(self, **changes: Any) -> Self:
        """A copy with some fields replaced."""
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON types, with the keys listed in the README.

        ``standalone`` is left out if it equals the question, ``period`` if neither the question nor the user
        restricts the publication dates.
        """
        record = asdict(self)
        record.pop("done")
        record.pop("progress")
        if self.standalone in ("", self.question):
            record.pop("standalone")
        if self.period is None:
            record.pop("period")
        return record
