"""Answer records of what peers write, and their sources traced back to the articles."""

import re
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.answering.draft import citation_of
from assistant.core.figures import agrees, figure_json, read_figures
from assistant.core.languages import Language
from assistant.core.records import Article, Evidence, Status
from assistant.core.spans import read_span
from assistant.core.text import detect_language, sentence_spans
from eval.systems.product import AnswerRecord

UNVERIFIED = "unverified"
"""The outcome of a peer's sentence, which nothing has checked."""
_MARKER = re.compile(
    r"\s*\[(?:(?:Sources?|nguồn|출처|소스|자료)\s?:?\s?)?\d+(?:\s*(?:,|and|và|및)\s*(?:Source )?\d+)*\]"
    r"|(?:(?:According to|Theo|Based on) )?(?:Sources?|nguồn|출처|소스|자료) ?\d+(?: (?:and|và|및) \d+)*(?:에 따르면)?,?",
    re.IGNORECASE,
)
_MARKER_BEHIND_STOP = re.compile(r"([.!?。])((?:\s*\[[^\]]*\d[^\]]*\])+)")
# A peer has no fixed phrase for a refusal: these are the ones that small models use.
_REFUSES = {
    Language.KO: re.compile(
        r"모르겠|모릅니다|알 수 없|찾을 수 없|확인할 수 없|답(?:변)?할 수 없|(?:정보|언급|문서|기사|출처)[^.]{0,30}(?:없|않)"
    ),
    Language.VI: re.compile(
        r"không (?:biết|có thông tin|đủ thông tin|thể (?:trả lời|xác định|tìm)|tìm thấy)"
        r"|(?:nguồn|bài báo|thông tin|văn bản|tài liệu|đoạn)[^.]{0,60}không (?:có|được|đề cập|nêu|cung cấp|nhắc|cho biết)",
        re.IGNORECASE,
    ),
    Language.EN: re.compile(
        r"\bI (?:don['’]t|do not|cannot|can['’]t)\b|\bno (?:information|mention)\b|unable to (?:answer|determine|find)"
        r"|(?:sources?|context|articles?|texts?|documents?|information|passages?)\b[^.]{0,60}(?:\bnot\b|n['’]t\b)"
        r"|cannot be (?:determined|answered)",
        re.IGNORECASE,
    ),
}


def written_record(
    question: str, text: str, sources: Sequence[Evidence | None], started: float, *, is_marked: bool
) -> AnswerRecord:
    """The record of what a peer wrote, a refusal where it begins by saying so and states no figure but those of the question.

    Args:
        question: Its language is the one that figures are read in.
        text: The whole answer.
        sources: What the peer names as its sources, in the order of their numbers; None where one stands in
        no article.
        started: When the question came, on ``time.perf_counter``'s clock.
        is_marked: Whether it writes the numbers of its sources; else every sentence cites all of them.
    """
    language = detect_language(question)
    sentences = _sentences(text, language)
    if not is_marked:
        sentences = [sentence | {"citations": list(range(1, len(sources) + 1))} for sentence in sentences]
    asked = read_figures(question, language)
    states = any(
        not any(agrees(figure, known) for known in asked)
        for figure in read_figures(_MARKER.sub("", text), language)
    )
    opening = sentences[0]["text"] if sentences else ""
    refuses = not sentences or (not states and any(pattern.search(opening) for pattern in _REFUSES.values()))
    return {
        "question": question,
        "language": language,
        "status": Status.NO_EVIDENCE if refuses else Status.ANSWERED,
        "text": text,
        "figure": None,
        "sentences": [] if refuses else sentences,
        "citations": []
        if refuses
        else [asdict(citation_of(n, source, 1)) for n, source in enumerate(sources, 1) if source],
        "dropped": [],
        "timings_ms": {"total": round(1000 * (time.perf_counter() - started))},
    }


def with_header(article: Article) -> str:
    """An article as a peer gets it: title, publisher and date above the text."""
    return f"{_header(article)}{article.text}"


def located(article: Article, chunk: str) -> Evidence | None:
    """The words of a chunk where they stand in their article; None where a splitter has altered them."""
    words = chunk.replace(_header(article).strip(), "").strip()
    at = article.text.find(words)
    return Evidence(article, read_span(article, at, at + len(words))) if words and at >= 0 else None


def _header(article: Article) -> str:
    return f"{article.title}\n{article.publisher}, {article.published or ''}\n\n"


def _sentences(text: str, language: Language) -> list[dict[str, Any]]:
    """The sentences with the numbers that they are marked with.

    A number that stands alone belongs to what is before it.
    """
    found: list[dict[str, Any]] = []
    text = _MARKER_BEHIND_STOP.sub(r"\2\1", text)
    for start, end in sentence_spans(text):
        marked = [
            int(n) for match in _MARKER.finditer(text[start:end]) for n in re.findall(r"\d+", match.group())
        ]
        words = _MARKER.sub("", text[start:end]).strip()
        if not any(map(str.isalnum, words)) and found:
            found[-1]["citations"] += marked
        elif words:
            figures = [figure_json(figure) for figure in read_figures(words, language)]
            found.append({"text": words, "citations": marked, "outcome": UNVERIFIED, "figures": figures})
    return found
