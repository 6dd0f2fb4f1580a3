"""Public reading sets: questions or titles, and the documents that belong to them."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from pathlib import Path

from assistant.core.errors import EvalError
from assistant.core.languages import Language
from assistant.core.records import Article
from assistant.core.text import nfc
from ingest.chunk import Tokens, chunk

_SAMPLE = 1200
NTREX = {
    Language.KO: "newstest2019-ref.kor.txt",
    Language.VI: "newstest2019-ref.vie.txt",
    Language.EN: "newstest2019-src.eng.txt",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """Questions and the documents that answer them; ``gold`` is the index of each question's document.

    ``cut`` documents are searched in passages cut like those of articles, others as a whole.
    """

    documents: tuple[str, ...]
    languages: tuple[Language, ...]
    questions: tuple[str, ...]
    question_language: Language
    gold: tuple[int, ...]
    cut: bool = False

    def passages(self, tokens: Tokens) -> tuple[list[str], list[int]]:
        """The texts to search and the index of each one's document, in order."""
        if not self.cut:
            return list(self.documents), list(range(len(self.documents)))
        found = []
        for n, (text, language) in enumerate(zip(self.documents, self.languages, strict=True)):
            article = Article(str(n), "", "", text, language)
            found += [(text[passage.start : passage.end], n) for passage in chunk(article, tokens)]
        return [text for text, _ in found], [n for _, n in found]


def readings(data: Path) -> dict[str, Reading]:
    """The sets by name: KorQuAD, XQuAD in Vietnamese and across languages, a pool of both languages, NTREX titles.

    Raises:
        EvalError: A file is missing.
    """
    korean = _squad(data / "korquad1" / "KorQuAD_v1.0_dev.json", Language.KO)
    chosen = random.Random(0).sample(range(len(korean.questions)), min(_SAMPLE, len(korean.questions)))  # noqa: S311
    vi, en = (
        _squad(data / "xquad" / f"xquad.{language}.json", language) for language in (Language.VI, Language.EN)
    )
    odd = [i % 2 == 1 for i in range(len(vi.documents))]
    pool = replace(
        vi,
        documents=tuple(
            v if is_odd else e for v, e, is_odd in zip(vi.documents, en.documents, odd, strict=True)
        ),
        languages=tuple(Language.VI if is_odd else Language.EN for is_odd in odd),
    )
    sets = {
        "KorQuAD": _only(korean, chosen),
        "XQuAD vi": vi,
        "XQuAD vi→en": replace(vi, documents=en.documents, languages=en.languages),
        "XQuAD en→vi": replace(en, documents=vi.documents, languages=vi.languages),
    }
    for asked in (vi, en):
        for language in (Language.VI, Language.EN):
            mixed = replace(pool, questions=asked.questions, question_language=asked.question_language)
            kept = [i for i, gold in enumerate(pool.gold) if pool.languages[gold] is language]
            sets[f"pool {asked.question_language}→{language}"] = _only(mixed, kept)
    return sets | _titles(data)


def parallel_lines(data: Path) -> dict[Language, list[str]]:
    """The lines of NTREX, the same news text in three languages, from the folder ``ntrex``.

    Raises:
        EvalError: They are missing.
    """
    return {
        language: _text(data / "ntrex" / name).rstrip("\n").split("\n") for language, name in NTREX.items()
    }


def news_texts(data: Path) -> list[dict[Language, str]]:
    """The 123 news texts of NTREX, each in three languages.

    Raises:
        EvalError: They are missing.
    """
    lines = parallel_lines(data)
    return [{tag: "\n".join(lines[tag][n] for n in text) for tag in Language} for text in _line_numbers(data)]


def _line_numbers(data: Path) -> list[list[int]]:
    """The numbers of the lines of each text."""
    ids = _text(data / "ntrex" / "DOCUMENT_IDS.tsv").split()
    return [[n for n, _ in group] for _, group in groupby(enumerate(ids), key=lambda row: row[1])]


def _titles(data: Path) -> dict[str, Reading]:
    """The first line of each news text in one language as question, and the rest of the texts in another as documents."""
    lines = parallel_lines(data)
    texts = [numbers for numbers in _line_numbers(data) if len(numbers) > 1]
    return {
        f"titles {asked}→{language}": Reading(
            tuple(nfc("\n".join(lines[language][n] for n in numbers[1:])) for numbers in texts),
            (language,) * len(texts),
            tuple(lines[asked][numbers[0]] for numbers in texts),
            asked,
            tuple(range(len(texts))),
            cut=True,
        )
        for asked, language in product(Language, repeat=2)
    }


def _squad(file: Path, language: Language) -> Reading:
    articles = json.loads(_text(file))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    asked = [(qa["question"], i) for i, paragraph in enumerate(paragraphs) for qa in paragraph["qas"]]
    return Reading(
        tuple(paragraph["context"] for paragraph in paragraphs),
        (language,) * len(paragraphs),
        tuple(question for question, _ in asked),
        language,
        tuple(i for _, i in asked),
    )


def _only(reading: Reading, kept: Sequence[int]) -> Reading:
    return replace(
        reading,
        questions=tuple(reading.questions[i] for i in kept),
        gold=tuple(reading.gold[i] for i in kept),
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as exc:
        raise EvalError(
            f"A public set cannot be read: {exc}. Name the folder of all of them with: --data DIR"
        ) from exc
