"""Training data of the reader: public question-answering sets, and clozes over parallel news, in nine language pairs.

The sets are read from a folder laid out as its README describes; none of their text is stored.
"""

import csv
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from assistant.core.figures import Figure, Kind, agrees, read_figures
from assistant.core.languages import Language
from assistant.core.text import detect_language, nfc, sentence_spans
from eval.dataset.public_sets import NTREX

_CHARS = {Language.KO: 130, Language.VI: 280, Language.EN: 280}
"""Maximum number of characters to which a window is filled with whole sentences."""
_ASKED = {
    Kind.DATE: {Language.KO: "언제", Language.VI: "khi nào", Language.EN: "when"},
    Kind.PERCENT: {
        Language.KO: "몇 퍼센트",
        Language.VI: "bao nhiêu phần trăm",
        Language.EN: "what percentage",
    },
    Kind.MONEY: {Language.KO: "얼마", Language.VI: "bao nhiêu tiền", Language.EN: "how much money"},
    Kind.DURATION: {Language.KO: "얼마 동안", Language.VI: "bao lâu", Language.EN: "how long"},
    Kind.RANK: {Language.KO: "몇 위", Language.VI: "thứ mấy", Language.EN: "what rank"},
}
_ASKED_ELSE = {Language.KO: "몇", Language.VI: "bao nhiêu", Language.EN: "how many"}
_IN_PLACE = 0.5
"""Share of clozes that put the question word where the figure stood, in languages that can also move it."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question over windows of text.

    The answer is ``windows[0][start:end]``; if ``end`` is 0, no window contains it.
    """

    question: str
    windows: tuple[str, ...]
    start: int = 0
    end: int = 0


def lessons(train: Path, ntrex: Path, rng: random.Random) -> dict[str, list[Lesson]]:
    """The lessons by source."""
    titled = {name: list(_squad(train / file)) for name, file in _SQUAD_FILES.items()}
    found = {
        name: [lesson for one in paragraphs for lesson in _of_paragraph(one, rng)]
        for name, paragraphs in titled.items()
    }
    found["squad_none"] = [lesson for lesson in found["squad"] if not lesson.end]
    found["squad"] = [lesson for lesson in found["squad"] if lesson.end]
    found["xor_tydi"] = list(_xor(train / "xor_tydi/tydi_xor_rc_validation.csv", rng))
    found["nomiracl"] = list(_nomiracl(train / "nomiracl/ko.non_relevant.pairs.jsonl", rng))
    found["cloze"] = list(_clozes(ntrex, rng))
    return {name: [lesson for lesson in those if lesson.question.strip()] for name, those in found.items()}


_SQUAD_FILES = {
    "squad": "squad/squad2.0_dev_rebuilt.json",
    "squad_vi_none": "squad/squad_vi_dev_v2.0_ImpossibleAnswers.json",
    "mlqa_en_vi": "mlqa/dev-context-vi-question-en.json",
    "mlqa_vi_en": "mlqa/dev-context-en-question-vi.json",
    "mlqa_en_en": "mlqa/dev-context-en-question-en.json",
    "tydi_ko": "tydiqa/korean_tydiqa_train.json",
    "tydi_en": "tydiqa/english_tydiqa_train.json",
    "shifts": "squadshifts/new_wiki_v1.0.json",
}


@dataclass(frozen=True, slots=True)
class _Paragraph:
    title: str
    text: str
    others: tuple[str, ...]
    """Other paragraphs under the same title, or paragraphs of the same file if there are none."""
    qas: tuple[dict[str, Any], ...]


def _squad(file: Path) -> Iterator[_Paragraph]:
    data = json.loads(file.read_text(encoding="utf-8"))
    articles = data["data"] if isinstance(data, dict) else data
    every = [p["context"] for article in articles for p in article["paragraphs"]]
    for article in articles:
        same = [p["context"] for p in article["paragraphs"]]
        for i, paragraph in enumerate(article["paragraphs"]):
            draw = random.Random(paragraph["context"])  # noqa: S311 - nothing secret
            others = tuple(same[:i] + same[i + 1 :]) or tuple(draw.sample(every, 3))
            title = str(article.get("title", "")).replace("_", " ")
            yield _Paragraph(title, paragraph["context"], others, tuple(paragraph["qas"]))


def _of_paragraph(paragraph: _Paragraph, rng: random.Random) -> Iterator[Lesson]:
    for qa in paragraph.qas:
        question = nfc(qa["question"])
        if not qa["answers"]:
            at = (qa.get("plausible_answers") or [{"answer_start": 0}])[0]["answer_start"]
            yield Lesson(question, (_window(paragraph, at, at + 1, rng)[0], *_negatives(paragraph, at, rng)))
            continue
        answer = qa["answers"][0]
        text = answer["text"].rstrip(" .,;:")
        start = answer["answer_start"]
        window, shift = _window(paragraph, start, start + len(text), rng)
        yield Lesson(
            question, (window, *_negatives(paragraph, start, rng)), start + shift, start + shift + len(text)
        )


def _window(paragraph: _Paragraph, start: int, end: int, rng: random.Random) -> tuple[str, int]:
    """A run of whole sentences around a character range, usually after the title, and the resulting offset shift."""
    language = detect_language(paragraph.text)
    first, last = _run(paragraph.text, start, end, rng.randint(0, _CHARS[language]))
    title = f"{paragraph.title}. " if paragraph.title and rng.random() < 0.7 else ""
    return title + paragraph.text[first:last], len(title) - first


def _run(text: str, start: int, end: int, room: int) -> tuple[int, int]:
    """Extent of the sentences covering a character range, extended backwards, then forwards, while there is room."""
    spans = list(sentence_spans(text)) or [(0, len(text))]
    inside = [i for i, (s, e) in enumerate(spans) if s < end and e > start] or [0]
    first, last = inside[0], inside[-1]
    while first > 0 and spans[last][1] - spans[first - 1][0] <= room:
        first -= 1
    while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= room:
        last += 1
    return min(start, spans[first][0]), max(end, spans[last][1])


def _negatives(paragraph: _Paragraph, at: int, rng: random.Random) -> list[str]:
    """Two windows without the character at ``at``: from the same paragraph first, then from the others."""
    spans = [(s, e) for s, e in sentence_spans(paragraph.text) if not s <= at < e]
    own = [paragraph.text[s:e] for s, e in rng.sample(spans, min(1, len(spans)))]
    title = f"{paragraph.title}. " if paragraph.title and rng.random() < 0.7 else ""
    for other in rng.sample(paragraph.others, min(2, len(paragraph.others))):
        spans = list(sentence_spans(other))
        if spans:
            start, end = rng.choice(spans)
            first, last = _run(other, start, end, rng.randint(0, _CHARS[detect_language(other)]))
            own.append(title + other[first:last])
    return own[:2]


def _xor(file: Path, rng: random.Random) -> Iterator[Lesson]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines)
            if row["lang"] in ("ko", "en") and row["answerable"] == "True"
        ]
    contexts = [row["context"] for row in rows]
    for row in rows:
        start = int(float(row["answer_start"] or -1))
        if start >= 0 and row["context"][start : start + len(row["answer"])] == row["answer"]:
            others = tuple(c for c in rng.sample(contexts, 3) if c != row["context"])
            answer = {"text": row["answer"], "answer_start": start}
            one = _Paragraph(
                "", row["context"], others, ({"question": row["question"], "answers": [answer]},)
            )
            yield from _of_paragraph(one, rng)


def _nomiracl(file: Path, rng: random.Random) -> Iterator[Lesson]:
    by_question = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        by_question[row["question"]].append(nfc(row["passage"]))
    for question, passages in by_question.items():
        windows = []
        for passage in rng.sample(passages, min(3, len(passages))):
            start, end = rng.choice(list(sentence_spans(passage)) or [(0, len(passage))])
            first, last = _run(passage, start, end, _CHARS[Language.KO])
            windows.append(passage[first:last])
        yield Lesson(nfc(question), tuple(windows))


@dataclass(frozen=True, slots=True)
class _Parallel:
    """Parallel news lines and their figures, by language.

    ``document`` gives, for each line, the line numbers of its document.
    """

    texts: dict[Language, list[str]]
    figures: dict[Language, list[Sequence[Figure]]]
    document: list[range]


def _clozes(folder: Path, rng: random.Random) -> Iterator[Lesson]:
    """For each figure of a line in each language, a question asking for it, over the lines of each language."""
    texts = {
        language: folder.joinpath(file).read_text(encoding="utf-8").splitlines()
        for language, file in NTREX.items()
    }
    texts = {language: [nfc(line.strip()) for line in lines] for language, lines in texts.items()}
    documents = (
        folder.joinpath("DOCUMENT_IDS.tsv").read_text(encoding="utf-8").split("\n")[: len(texts[Language.EN])]
    )
    bounds = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(documents)) if a != b), len(documents)]
    ranges = [range(first, last) for first, last in pairwise(bounds) for _ in range(first, last)]
    news = _Parallel(
        texts,
        {language: [read_figures(line, language) for line in lines] for language, lines in texts.items()},
        ranges,
    )
    for i in range(len(documents)):
        for asking in Language:
            for figure in news.figures[asking][i]:
                for told in Language:
                    yield from _cloze((asking, told), i, figure, news, rng)


def _cloze(
    pair: tuple[Language, Language], i: int, figure: Figure, news: _Parallel, rng: random.Random
) -> Iterator[Lesson]:
    asking, told = pair
    lines, figures, document = news.texts[told], news.figures[told], news.document[i]
    answers = [f for f in figures[i] if agrees(f, figure) and f.kind is figure.kind]
    same = [f for f in figures[i] if f.kind is figure.kind]
    if not answers or (asking is told and len(same) < 2 and rng.random() < 0.7):
        return
    answer = answers[0]
    before = (
        f"{lines[i - 1]} "
        if i > document.start and rng.random() < 0.4 and len(lines[i - 1]) < _CHARS[told]
        else ""
    )
    with_figures = [
        j for j in document if j != i and figures[j] and not any(agrees(f, figure) for f in figures[j])
    ]
    others = [lines[j] for j in rng.sample(with_figures, min(2, len(with_figures)))]
    question = _question(news.texts[asking][i], figure, asking, rng)
    yield Lesson(question, (before + lines[i], *others), len(before) + answer.start, len(before) + answer.end)


def _question(line: str, figure: Figure, language: Language, rng: random.Random) -> str:
    """The line with a question word for the figure, cut to the words nearby, some of which are left out."""
    asked = _ASKED.get(figure.kind, {}).get(language, _ASKED_ELSE[language])
    before, after = line[: figure.start].split(), line[figure.end :].split()
    near = rng.randint(4, 14)
    before, after = before[-near:], after[: rng.randint(2, 8)]
    kept = rng.uniform(0.6, 1.0)
    left, right = ([w for w in words if rng.random() < kept] for words in (before, after))
    if language is Language.KO or rng.random() < _IN_PLACE:
        return " ".join([*left, asked, *right]) + "?"
    return " ".join([asked, *left, *right] if language is Language.EN else [*left, *right, asked]) + "?"


def without_answer(lesson: Lesson, rng: random.Random) -> Lesson | None:
    """The same question made unanswerable: another year asked for, or its window removed; None if neither works."""
    if years := _YEAR.findall(lesson.question):
        year = rng.choice(years)
        other = str(int(year) + rng.choice([-3, -2, -1, 1, 2, 3]))
        if all(other not in window for window in lesson.windows):
            return replace(lesson, question=lesson.question.replace(year, other), start=0, end=0)
    if len(lesson.windows) > 1:
        return replace(lesson, windows=lesson.windows[1:], start=0, end=0)
    return None
