"""Checks a written sentence against the evidence it cites, before it is shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.core.embedding import Embedder
from assistant.core.figures import Figure, agrees, read_figures
from assistant.core.names import Name, find_names
from assistant.core.records import Evidence
from assistant.core.text import Language
from assistant.evidence import figures_of, near
from assistant.presentable import why_not_presentable
from assistant.retrieve import LanguageStats

MIN_SUPPORT_SAME, MIN_SUPPORT_OTHER = 3.8, 3.2
"""Least nearness of a sentence to one that it cites, in standard deviations, within one language and across languages.

Of the gold answers of the development cases 79 and 68 % lie above it with the words that bear them, and 9 and 15 % with the
nearest other sentence of the same article; figures and names are looked at besides.
"""

_HOME = {Language.KO: "한국", Language.VI: "Việt Nam"}
_MARKER = re.compile(r"\s*\[\s*(\d+(?:\s*,\s*\d+)*)\s*\]")
_LIST_MARK = re.compile(r"^\s*(?:\d+[.)]|[-•*])\s+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A checked sentence.

    ``text`` is without markers; ``cited`` are positions in the evidence; ``figures`` pairs each figure with the position and
    the figure it agrees with; ``why`` is the reason for not showing the sentence, None where it may be shown.
    """

    text: str
    cited: tuple[int, ...]
    figures: tuple[tuple[Figure, int, Figure], ...]
    why: str | None


def verify(
    sentence: str,
    evidence: Sequence[Evidence],
    language: Language,
    embedder: Embedder,
    stats: Mapping[Language, LanguageStats],
    *,
    question: str = "",
    least: float | None = None,
) -> Verdict:
    """Whether a sentence may be shown: its language, the support of what it cites, its figures.

    A model's markers count only as a hint: where they do not support the sentence, the rest is tried, the nearest first.

    Args:
        sentence: As the model wrote it, with markers.
        evidence: The numbered sentences of the prompt.
        language: The question's.
        embedder: Gives the evidence's kind of vectors.
        stats: Per article language, to bring the nearness of sentences in different languages to one scale.
        question: What was asked: its names may be left in their own letters.
        least: The nearness to ask for in the place of the usual one, in standard deviations.
    """
    text = _LIST_MARK.sub("", _MARKER.sub("", sentence)).strip()
    if why := why_not_presentable(text, language, "\n".join((question, *map(near, evidence)))):
        return Verdict(text, (), (), why)
    vector = embedder.passages([text])[0]
    support = [
        stats[e.article.language].zscore(vector, float(vector @ e.vector)) - (_needed(e, language) if least is None else least)
        for e in evidence
    ]
    by_nearness = sorted(range(len(evidence)), key=lambda i: -support[i])
    citations = [_markers(sentence, len(evidence)), *((i,) for i in by_nearness)]
    tried = [_check(text, language, evidence, support, cited) for cited in citations if cited]
    return next((verdict for verdict in tried if verdict.why is None), tried[0])


def _check(
    text: str, language: Language, evidence: Sequence[Evidence], support: Sequence[float], cited: tuple[int, ...]
) -> Verdict:
    """The verdict on one way to cite; ``support`` is each sentence's nearness above what is asked of it."""
    figures, unsupported = _match_figures(text, language, evidence, cited)
    why = None
    if unsupported:
        why = unsupported[0]
    elif foreign := _names_beyond(_names(text, language), [evidence[i] for i in cited]):
        why = f"no cited span names {', '.join(foreign)}"
    elif numbers := _numbers_beyond(_without_figures(text, language), [evidence[i] for i in cited]):
        why = f"no cited span has the number {', '.join(numbers)}"
    elif max(support[i] for i in cited) < 0:
        why = f"no cited span supports it (nearness {max(support[i] for i in cited):.1f} beside what is asked)"
    return Verdict(text, cited, figures, why)


@lru_cache(maxsize=64)  # a sentence is held against one citation after the other
def _names(text: str, language: Language) -> list[Name]:
    """The known names of a sentence outside of its figures: "US dollars" name no country."""
    return [name for name in find_names(_without_figures(text, language), language) if name.is_known]


@lru_cache(maxsize=64)
def _without_figures(text: str, language: Language) -> str:
    for figure in reversed(read_figures(text, language)):
        text = text[: figure.start] + " " + text[figure.end :]
    return text


def _numbers_beyond(text: str, cited: Sequence[Evidence]) -> list[str]:
    """The digits of a text that none of its spans has, nor what stands before it: those of names, versions, articles of laws."""
    held = _DIGITS.findall("\n".join(map(near, cited)))
    return [digits for digits in _DIGITS.findall(text) if digits not in held]


def _names_beyond(names: Sequence[Name], cited: Sequence[Evidence]) -> list[str]:
    """The names of a sentence that none of its spans has, nor what stands before it.

    A country may stand anywhere in an article, which need not name the one that its language speaks of.
    """
    spans, articles = "\n".join(map(near, cited)), "\n".join(f"{i.article.publisher}\n{i.article.text}" for i in cited)
    homes = [_HOME[item.article.language] for item in cited if item.article.language in _HOME]
    return [
        name.text
        for name in names
        if not name.is_in(articles if name.is_country else spans) and not (name.is_country and set(homes) & set(name.spellings))
    ]


def _needed(item: Evidence, language: Language) -> float:
    return MIN_SUPPORT_SAME if item.article.language is language else MIN_SUPPORT_OTHER


def _markers(sentence: str, n: int) -> tuple[int, ...]:
    numbers = [int(number) - 1 for group in _MARKER.findall(sentence) for number in group.split(",")]
    return tuple(dict.fromkeys(i for i in numbers if 0 <= i < n))


def _match_figures(
    text: str, language: Language, evidence: Sequence[Evidence], cited: Sequence[int]
) -> tuple[tuple[tuple[Figure, int, Figure], ...], list[str]]:
    """The sentence's figures with the position and the figure they agree with, and why each other one does not."""
    sources = [(i, source) for i in cited for source in figures_of(evidence[i])]
    matched, unsupported = [], []
    published = evidence[cited[0]].article.published if cited else None
    for figure in read_figures(text, language, published):
        compared = [(i, source, agrees(figure, source, evidence[i].article.published)) for i, source in sources]
        if found := next(((i, source) for i, source, outcome in compared if outcome), None):
            matched.append((figure, *found))
            continue
        reasons = [f" ({outcome.reason})" for _, source, outcome in compared if source.kind is figure.kind]
        unsupported.append(f"figure {figure.text} is in no cited span{reasons[0] if len(reasons) == 1 else ''}")
    return tuple(matched), unsupported
