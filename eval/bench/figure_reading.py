"""Reads figures on both sides of public pairs: written and spoken numbers, and one sentence in three languages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from assistant.core.errors import EvalError
from assistant.core.figures import Figure, Kind, agrees, exact_strings, read_figures
from assistant.core.languages import Language
from assistant.core.text import sentence_spans
from eval.dataset import mutations
from eval.dataset.public_sets import parallel_lines
from ingest.extract import read_article
from ingest.sources import find_sources

CATEGORIES = ("cardinal", "decimal", "fraction", "measure", "money", "ordinal", "percent", "range", "date")
"""Categories of written and spoken pairs that must read alike; ``time`` is counted separately."""

_MIN_DIGITS = 2


@dataclass(slots=True)
class Tally:
    """Pairs of one category: ``neither`` side states a figure, or at least one does and the pair is ``equal`` or a miss."""

    pairs: int = 0
    equal: int = 0
    neither: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the pairs in which a side states a figure, the share that reads as equal."""
        return self.equal / max(1, self.pairs - self.neither)


@dataclass(slots=True)
class Found:
    """English figures looked up in a translation: those found with the same ``value``, and of these those in full agreement."""

    figures: int = 0
    value: int = 0
    agreeing: int = 0
    misses: list[str] = field(default_factory=list)


def spoken_pairs(data: Path) -> dict[tuple[Language, str], Tally]:
    """Read both sides of every pair under ``nemo``, by language and category.

    Raises:
        EvalError: The folder is missing.
    """
    tallies: dict[tuple[Language, str], Tally] = {}
    for language in (Language.KO, Language.VI):
        files = sorted(_folder(data / "nemo" / language).glob("data_*/test_cases_*.txt"))
        for file in files:
            category = file.stem.removeprefix("test_cases_")
            if category in (*CATEGORIES, "time"):
                _count(file, language, tallies.setdefault((language, category), Tally()))
    return tallies


def translated(data: Path, language: Language) -> Found:
    """Look for each English figure of at least two digits in the same line of the translation under ``ntrex``.

    Raises:
        EvalError: The folder is missing.
    """
    lines = parallel_lines(data)
    found = Found()
    for number, (line, translation) in enumerate(zip(lines[Language.EN], lines[language], strict=True), 1):
        figures = [
            f for f in read_figures(line, Language.EN) if sum(c.isdecimal() for c in f.text) >= _MIN_DIGITS
        ]
        theirs = read_figures(translation, language) if figures else ()
        for figure in figures:
            found.figures += 1
            same = any(agrees(figure, f) or agrees(f, figure) for f in theirs)
            found.agreeing += same
            if same or _values(figure) <= {value for f in theirs for value in _values(f)}:
                found.value += 1
            else:
                found.misses.append(
                    f"{number}\t{figure.text}\t{line}\t{translation}\t{' | '.join(f.text for f in theirs)}"
                )
    return found


def sentences(folder: Path) -> Iterator[tuple[str, Language]]:
    """The sentences of all articles in a folder, with their language.

    Raises:
        EvalError: The folder is missing.
    """
    for source in find_sources([str(_folder(folder))]):
        if source.path is None:
            continue
        article = read_article(source.path)
        yield from (
            (article.text[start:end], article.language) for start, end in sentence_spans(article.text)
        )


def lines(data: Path, folders: Sequence[Path], misses_file: Path) -> Iterator[str]:
    """Counts per category and language, and alterations noticed in the articles of each folder; misses go to a file.

    Raises:
        EvalError: A folder is missing.
    """
    misses: list[str] = []
    tallies = spoken_pairs(data)
    yield "written and spoken pairs  pairs  no figure  equal  share"
    for (language, category), tally in tallies.items():
        yield f"{language} {category:22} {tally.pairs:5}  {tally.neither:9}  {tally.equal:5}  {tally.share:.1%}"
        misses += tally.misses
    for language in (Language.KO, Language.VI):
        listed = [t for (tag, category), t in tallies.items() if tag is language and category in CATEGORIES]
        pairs, equal = sum(t.pairs - t.neither for t in listed), sum(t.equal for t in listed)
        yield f"{language} all but time: {equal} of {pairs} = {equal / max(1, pairs):.1%}"
    for language in (Language.KO, Language.VI):
        found = translated(data, language)
        share = found.value / max(1, found.figures)
        yield f"en → {language}: of {found.figures} figures {found.value} found = {share:.1%}, {found.agreeing} in full agreement"
        misses += [f"en-{language}\t{miss}" for miss in found.misses]
    for folder in folders:
        counts, missed = mutations.score(sentences(folder))
        yield f"altered figures of {folder.name}: {', '.join(f'{counts[o]} {o}' for o in mutations.AlterationOutcome)}"
        misses += [f"altered\t{mutation.way}\t{mutation.text}" for mutation in missed]
    misses_file.parent.mkdir(parents=True, exist_ok=True)
    misses_file.write_text("".join(f"{miss}\n" for miss in misses), encoding="utf-8")
    yield f"every miss: {misses_file}"


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise EvalError(
            f"There is no folder {path}; name the folder that holds it: python -m eval bench figures --data DIR"
        )
    return path


def _count(file: Path, language: Language, tally: Tally) -> None:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        one, separator, other = line.partition("~")
        if not separator:
            continue
        tally.pairs += 1
        read = [read_figures(side, language) for side in (one, other)]
        contents = [Counter(_content(figure) for figure in side) for side in read]
        if not any(contents):
            tally.neither += 1
        elif contents[0] == contents[1]:
            tally.equal += 1
        else:
            sides = "\t".join(
                " | ".join(f"{f.text} = {exact_strings(f)[0]} {f.unit}" for f in side) or "–" for side in read
            )
            tally.misses.append(f"{file.parent.name}/{file.name}:{number}\t{line}\t{sides}")


def _content(figure: Figure) -> tuple[object, ...]:
    return figure.kind, figure.unit, *exact_strings(figure)


def _values(figure: Figure) -> frozenset[Decimal]:
    """The bare numbers a figure states, including the parts of a date."""
    if figure.date:
        return frozenset(Decimal(part) for part in re.findall(r"\d+", figure.date))
    numbers = [number for number in (figure.value, figure.low, figure.high) if number is not None]
    if figure.kind is Kind.RATIO:  # "19 of 29" may be "19/29"
        numbers = [Decimal(part) for part in re.findall(r"\d+(?:\.\d+)?", figure.text.replace(",", "."))]
    return frozenset(numbers)
