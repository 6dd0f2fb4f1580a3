"""Measures how well the verifier tells true sentences from altered ones, on the cases' gold answers and spans."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.core.archive import Archive
from assistant.core.entities import Entity, Name, entities, find_names
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence
from assistant.core.settings import Engine, LlmSettings, Settings
from assistant.core.spans import read_span
from assistant.core.text import detect_language, nfc
from assistant.question.understand import understand
from assistant.retrieval.scale import LanguageStats
from assistant.writing.verify import verify
from eval.dataset import mutations
from eval.dataset.cases import Case
from eval.measures.support import agreement_with_labels
from eval.runs import open_pipeline, run_file

_STORED = "bench"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that its evidence supports, in answer to a question."""

    text: str
    language: Language
    evidence: tuple[Evidence, ...]
    question: str = ""


def lines(settings: Settings, cases: Sequence[Case], articles: Path) -> Iterator[str]:
    """The share of true and altered answers held back, and the support check's agreement with hand labels."""
    yield "altered     sentences  held back"
    for way, (held, n) in check(settings, _STORED, cases, articles).items():
        yield f"{way:10}  {n:9}  {held / n:9.1%}"
    yield "of {1} sentences labelled by hand the support check judges {0} alike".format(
        *agreement_with_labels()
    )


def check(settings: Settings, run: str, cases: Sequence[Case], articles: Path) -> dict[str, tuple[int, int]]:
    """For each way of altering gold answers, how many were held back and how many there were.

    Stored beside a run for its report.
    """
    archive, pipeline = open_pipeline(
        settings.model_copy(update={"llm": LlmSettings(engine=Engine.NONE)}), articles
    )
    true = statements(cases, archive)
    stats = pipeline.retriever.retrieve(understand(true[0].text)).stats if true else {}
    counts = {way: (count[True], count.total()) for way, count in score(true, archive, stats).items()}
    archive.close()
    file = run_file(settings, run, ".verifier.json")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(counts) + "\n", encoding="utf-8")
    return counts


def stored(settings: Settings, run: str) -> dict[str, tuple[int, int]]:
    """What ``check`` found for a run; empty if it has not been called."""
    file = run_file(settings, run, ".verifier.json")
    return (
        {way: (held, n) for way, (held, n) in json.loads(file.read_text()).items()} if file.exists() else {}
    )


def statements(cases: Sequence[Case], archive: Archive) -> list[Statement]:
    """The gold answers, with their gold spans as evidence.

    Answers not in their question's language are left out.
    """
    articles = archive.store.articles()
    found = []
    for case in cases:
        spans = [
            place
            for span in case.spans
            if (place := _place(span.quote, [a for a in articles if span.is_of(a.url)]))
        ]
        if (
            case.answer
            and len(spans) == len(case.spans) > 0
            and detect_language(case.answer) is case.language
        ):
            vectors = archive.embedder.passages([a.text[start:end] for a, start, end in spans])
            evidence = tuple(
                Evidence(a, read_span(a, start, end), vector=v)
                for (a, start, end), v in zip(spans, vectors, strict=True)
            )
            found.append(Statement(nfc(case.answer), case.language, evidence, case.question))
    return found


def altered(of: Sequence[Statement]) -> Iterator[tuple[str, Statement]]:
    """Every statement, falsified in one way at a time: figure, unit or scale, a name, citation, language."""
    shift = len(of) // 2
    for i, statement in enumerate(of):
        for mutation in mutations.mutations(statement.text, statement.language):
            if mutation.outcome is mutations.AlterationOutcome.CAUGHT:
                yield mutation.way, replace(statement, text=mutation.text)
        for name in find_names(statement.text, statement.language):
            if other := _other_name(name, statement, i):
                yield "entity", replace(statement, text=statement.text.replace(name.text, other, 1))
        far = of[(i + shift) % len(of)]
        if {e.article.id for e in far.evidence}.isdisjoint(e.article.id for e in statement.evidence):
            yield "citation", replace(statement, evidence=far.evidence)
        foreign = next(language for language in Language if language is not statement.language)
        yield "language", replace(statement, language=foreign)


def score(
    of: Sequence[Statement], archive: Archive, stats: Mapping[Language, LanguageStats]
) -> Mapping[str, Counter[bool]]:
    """For each way of altering, how many statements were held back and shown; "true" counts the unaltered ones."""
    counts: dict[str, Counter[bool]] = {}
    for way, statement in [*(("true", one) for one in of), *altered(of)]:
        cited = "".join(f" [{n}]" for n, _ in enumerate(statement.evidence, 1))
        verdict = verify(
            statement.text + cited,
            statement.evidence,
            statement.language,
            archive.embedder,
            stats,
            question=statement.question,
        )
        counts.setdefault(way, Counter())[verdict.why is not None] += 1
    return counts


def _place(quote: str, articles: Sequence[Article]) -> tuple[Article, int, int] | None:
    words = nfc(quote)
    return next(((a, at, at + len(words)) for a in articles if (at := a.text.find(words)) >= 0), None)


def _other_name(name: Name, statement: Statement, seed: int) -> str | None:
    """Another entity of the same kind that the evidence does not mention, in the statement's language."""
    if not isinstance(name.of, Entity):
        return None
    names = [e.spellings[statement.language][0] for e in entities() if e.kind is name.of.kind]
    held = "\n".join(f"{e.article.title}\n{e.article.text}" for e in statement.evidence)
    order = np.random.default_rng(seed).permutation(len(names))
    return next((names[i] for i in order if names[i] not in held and names[i] not in name.spellings), None)
