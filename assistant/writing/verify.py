"""Verifies a model's sentence against the evidence it cites, before it is shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.core.embedding import Embedder
from assistant.core.entities import Name, find_names
from assistant.core.figures import Figure, Kind, agrees, read_figures
from assistant.core.figures.agreement import as_written, with_units_of
from assistant.core.figures.grammar import grammar
from assistant.core.figures.rates import rate_of, rates_of
from assistant.core.languages import Language, pack
from assistant.core.records import Evidence
from assistant.core.spans import figures_between, read_span
from assistant.core.tabular import rows_of
from assistant.core.text import sentence_spans
from assistant.retrieval.evidence import near
from assistant.retrieval.scale import LanguageStats
from assistant.writing import prompts
from assistant.writing.presentable import why_not_presentable

MIN_SUPPORT = 1.0
"""Minimum nearness, in standard deviations, to a cited sentence: only rules out what is about something else.

Of the gold answers to realistic cases, 98 % lie above it within one language and 95 % across languages.
"""
_CIRCUMSTANCES = frozenset((Kind.DATE, Kind.TIME, Kind.DURATION, Kind.FREQUENCY, Kind.RANK))
"""Kinds of figure that give the time or rank of something; an article often gives it once for all that follows."""

_MILLION = 1_000_000
_ALIKE = 2
"""Orders of magnitude between two amounts that may share a unit."""
_MARKER = re.compile(r"\s*\[\s*(\d+(?:\s*,\s*\d+)*)\s*\]")
_LIST_MARK = re.compile(r"^\s*(?:\d+[.)]|[-•*])\s+")
_DIGITS = re.compile(r"\d+")
_IN_DIGITS = re.compile(r"(\d+)\s?/\s?(\d+)")
_WORD = re.compile(r"\w+")
_WORD_BEFORE = re.compile(r"(?<!\w)[^\W\d_]\w*[ -]$")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of verifying a sentence.

    ``text`` has no citation markers; ``cited`` are the spans that support it; ``figures`` has each figure with
    the span and the source figure it agrees with; ``why`` is the reason not to show the sentence, None if it
    may be shown.
    """

    text: str
    cited: tuple[Evidence, ...]
    figures: tuple[tuple[Figure, Evidence, Figure], ...]
    why: str | None


def verify(
    sentence: str,
    evidence: Sequence[Evidence],
    language: Language,
    embedder: Embedder,
    stats: Mapping[Language, LanguageStats],
    *,
    question: str = "",
) -> Verdict:
    """Verify a sentence: its form and language, then its figures, names and numbers against what it cites.

    The model's markers are only a hint: citations are tried nearest first, and the markers only win ties.

    Args:
        sentence: As the model wrote it, with markers.
        evidence: The numbered sentences of the prompt.
        language: The question's.
        embedder: The one that made the evidence's vectors.
        stats: Per article language, to put nearness in different languages on one scale.
        question: Its names may keep their own letters, and what it names may occur anywhere in a cited article.
    """
    text = _LIST_MARK.sub("", _MARKER.sub("", sentence)).strip()
    for item in evidence:
        label = prompts.source_label(item)  # a small model copies it from the evidence line
        text = text.removeprefix(f"({label})").removeprefix(label).strip()
    if why := why_not_presentable(text, language, "\n".join((question, *map(near, evidence)))):
        return Verdict(text, (), (), why)
    vector = embedder.passages([text])[0]
    support = [stats[e.article.language].zscore(vector, float(vector @ e.vector)) for e in evidence]
    ways = [_markers(sentence, len(evidence)), *((i,) for i in range(len(evidence)))]
    # A stable sort: on a tie, the markers come first
    citations = sorted(filter(None, ways), key=lambda cited: -max(support[i] for i in cited))
    claim = _Claim.of(text, language, question)
    tried = [
        _check(claim, [evidence[i] for i in cited], max(support[i] for i in cited))
        for cited in dict.fromkeys(citations)
    ]
    return next((verdict for verdict in tried if verdict.why is None), tried[0])


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence that a model wrote in answer to a question."""

    text: str
    language: Language
    question: str
    names: Sequence[Name]
    numbers: Sequence[str]

    @classmethod
    def of(cls, text: str, language: Language, question: str) -> "_Claim":
        """Read the known names and the digits outside figures: "US dollars" does not name a country."""
        rest = text
        for figure in reversed(read_figures(text, language)):
            rest = rest[: figure.start] + " " + rest[figure.end :]
        names = [name for name in find_names(rest, language) if name.is_known]
        return cls(text, language, question, names, _DIGITS.findall(rest))

    def speaks_of(self, name: Name) -> bool:
        """Whether the question names it too."""
        return name.is_in(self.question)


def _check(claim: _Claim, cited: Sequence[Evidence], nearness: float) -> Verdict:
    """The verdict for one set of citations."""
    figures, unsupported = _match_figures(claim, cited)
    why = None
    if unsupported:
        why = unsupported[0]
    elif foreign := _names_beyond(claim, cited):
        why = f"no cited span names {', '.join(foreign)}"
    elif numbers := _numbers_beyond(claim, cited):
        why = f"no cited span has the number {', '.join(numbers)}"
    elif nearness < MIN_SUPPORT:
        why = f"no cited span supports it (nearness {nearness:.1f})"
    bearing = dict.fromkeys((*cited, *(item for _, item, _ in figures)))
    return Verdict(claim.text, tuple(bearing), figures, why)


def _numbers_beyond(claim: _Claim, cited: Sequence[Evidence]) -> list[str]:
    """The digits outside figures (in names, versions, articles of law) that no cited span or its context has.

    Digits of the question may occur anywhere in a cited article.
    """
    held = set(_DIGITS.findall("\n".join(map(near, cited))))
    held |= {d for d in _DIGITS.findall(claim.question) if any(d in item.article.text for item in cited)}
    return [digits for digits in claim.numbers if digits not in held]


def _names_beyond(claim: _Claim, cited: Sequence[Evidence]) -> list[str]:
    """The sentence's names that no cited span or its context has.

    A country, or a name in the question, may occur anywhere in a cited article; the home country of the
    article's language need not be named at all.
    """
    spans, articles = (
        "\n".join(map(near, cited)),
        "\n".join(f"{i.article.publisher}\n{i.article.text}" for i in cited),
    )
    homes = {pack(item.article.language).home.entity for item in cited}
    return [
        name.text
        for name in claim.names
        if not name.is_in(articles if name.is_country or claim.speaks_of(name) else spans)
        and not (name.is_country and name.id in homes)
    ]


def _markers(sentence: str, n: int) -> tuple[int, ...]:
    numbers = [int(number) - 1 for group in _MARKER.findall(sentence) for number in group.split(",")]
    return tuple(dict.fromkeys(i for i in numbers if 0 <= i < n))


def _match_figures(
    claim: _Claim, cited: Sequence[Evidence]
) -> tuple[tuple[tuple[Figure, Evidence, Figure], ...], list[str]]:
    """The sentence's figures with the span and source figure each agrees with, and why the others fail."""
    sources = [
        (item, part) for item in cited for source in item.figures for part in (source, *_parts(source))
    ]
    matched, unsupported = [], []
    published = cited[0].article.published if cited else None
    asked = read_figures(claim.question, claim.language, published) if claim.question else ()
    stated = read_figures(claim.text, claim.language, published)
    for figure in stated:
        compared = [
            (item, source, agrees(one, source, item.article.published))
            for one in (figure, *with_units_of(stated, figure), as_written(figure, claim.language))
            for item, source in sources
        ]
        found = next(((item, source) for item, source, outcome in compared if outcome), None)
        found = found or _elided(figure, sources) or _circumstance(figure, asked, cited)
        if found := found or _in_name(claim, figure, cited) or _in_words(figure, sources, cited):
            matched.append((figure, *found))
            continue
        reasons = [f" ({outcome.reason})" for _, source, outcome in compared if source.kind is figure.kind]
        unsupported.append(
            f"figure {figure.text} is in no cited span{reasons[0] if len(reasons) == 1 else ''}"
        )
    return tuple(matched), unsupported


def _parts(source: Figure) -> Iterator[Figure]:
    """The two numbers of a ratio in digits: "441/479 đại biểu" gives both counts."""
    if source.kind is Kind.RATIO and (match := _IN_DIGITS.fullmatch(source.text)):
        for number in match.groups():
            yield replace(source, kind=Kind.COUNT, unit="", value=Decimal(number))


def _in_name(claim: _Claim, figure: Figure, cited: Sequence[Evidence]) -> tuple[Evidence, Figure] | None:
    """The cited article that has the number after the same name ("Chòe 3"), or a number by which the question names something."""
    if figure.unit:
        return None
    before = _WORD_BEFORE.search(claim.text, 0, figure.start)
    names = [before.group() + figure.text] if before and not before.group()[0].islower() else []
    names += [figure.text] if figure.text in _DIGITS.findall(claim.question) else []
    patterns = [re.compile(rf"(?<!\d)(?<!\d[.,]){re.escape(name)}(?![.,]?\d)") for name in names]
    return next(((item, figure) for item in cited for p in patterns if p.search(item.article.text)), None)


def _in_words(
    figure: Figure, sources: Sequence[tuple[Evidence, Figure]], cited: Sequence[Evidence]
) -> tuple[Evidence, Figure] | None:
    """The span with a small number that is not read as a figure there: a native numeral before any noun, or "first".

    "First" is often no rank; it is held back only if a span gives something another one.
    """
    if figure.kind is Kind.RANK and figure.unit == "ordinal" and figure.value == 1:
        others = [source for _, source in sources if source.kind is Kind.RANK]
        return None if others or not cited else (cited[0], figure)
    if figure.kind is not Kind.COUNT or figure.unit:
        return None
    for item in cited:
        native = grammar(item.article.language).native
        words = [word.group() for word in _WORD.finditer(item.quote)]
        if any(w == word and n == figure.value for word in words for w, n in native.at(word, 0)):
            return item, figure
    return None


def _elided(figure: Figure, sources: Sequence[tuple[Evidence, Figure]]) -> tuple[Evidence, Figure] | None:
    """A source figure without a unit of its own that the sentence gives one.

    It counts something named elsewhere ("the right number is 38"), or takes the unit of another figure in the span:
    "42 tỷ đồng …, năm 2026 dự kiến 57 tỷ". A large number is money of the article's home country if the span
    has no other money.
    """
    for item, source in sources:
        if source.unit:
            continue
        if figure.kind is Kind.COUNT and agrees(replace(figure, unit=""), source):
            return item, source
        beside = [other for same, other in sources if same is item]
        money = [other for other in beside if other.kind is Kind.MONEY]
        home = pack(item.article.language).home.currency
        is_home = not money and bool(home) and (source.value or 0) >= _MILLION
        named = {
            (other.kind, other.unit) for other in beside if other not in money or _is_alike(source, other)
        }
        if is_home:
            named.add((Kind.MONEY, home))
        if (figure.kind, figure.unit) in named and agrees(
            figure, replace(source, kind=figure.kind, unit=figure.unit)
        ):
            return item, source
    return None


def _is_alike(one: Figure, other: Figure) -> bool:
    """Whether two values are within two orders of magnitude of each other."""
    if not one.value or not other.value:
        return False
    return abs((one.value / other.value).copy_abs().log10()) <= _ALIKE


def _circumstance(
    figure: Figure, asked: Sequence[Figure], cited: Sequence[Evidence]
) -> tuple[Evidence, Figure] | None:
    """The span of a cited article that gives a time or rank which the cited sentence does not repeat.

    It lies just before the cited span or, for a figure of any kind in the question, anywhere in the article.
    """
    # The question may be more specific than the sentence, or less: a day in the month it asks about.
    is_asked = any(agrees(figure, other) or agrees(other, figure) for other in asked)
    if figure.kind not in _CIRCUMSTANCES and not is_asked:
        return None
    for item in cited:
        if not is_asked and figure.kind is Kind.DATE and any(_has_year(other) for other in item.figures):
            continue  # it says itself which year it is about
        if rate_of(figure) in rates_of(item.quote, item.article.language):
            return item, figure
        rows = rows_of(item.article.text)
        for start, end in _sentences_before(item, everywhere=is_asked):
            read = figures_between(item.article, start, end, rows)
            if found := next((f for f in read if agrees(figure, f, item.article.published)), None):
                return replace(item, span=read_span(item.article, start, end, rows), vector=None), found
    return None


def _has_year(figure: Figure) -> bool:
    return figure.date is not None and figure.date[:4].isdecimal()


def _sentences_before(item: Evidence, *, everywhere: bool) -> list[tuple[int, int]]:
    """The sentences shortly before a span or, with ``everywhere``, all of its article; the nearest first."""
    text = item.article.text
    if everywhere:
        return sorted(sentence_spans(text), key=lambda span: abs(span[0] - item.start))
    start = text.rfind("\n", 0, max(0, item.start - pack(item.article.language).lengths.near)) + 1
    return list(sentence_spans(text, start, item.start))[::-1]
