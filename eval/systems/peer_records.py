"""Builds answer records from what peers write, and traces their sources back to the articles."""

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
"""Outcome of a peer's sentence, which nothing has checked."""
_MARKER = re.compile(
    r"\s*\[(?:(?:Sources?|nguồn|출처|소스|자료)\s?:?\s?)?\d+(?:\s*(?:,|and|và|및)\s*(?:Source )?\d+)*\]"
    r"|(?:(?:According to|Theo|Based on) )?(?:Sources?|nguồn|출처|소스|자료) ?\d+(?: (?:and|và|및) \d+)*(?:에 따르면)?,?",
    re.IGNORECASE,
)
_MARKER_BEHIND_STOP = re.compile(r"([.!?。])((?:\s*\[[^\]]*\d[^\]]*\])+)")
# A peer has no fixed refusal phrase; these are the ones small models use.
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
    """The record of a peer's answer; a refusal if it opens with one and states no figure but the question's own.

    Args:
        question: Figures are read in its language.
        text: The whole answer.
        sources: The peer's sources, in the order of their numbers; None for one found in no article.
        started: When the question arrived, by ``time.perf_counter``.
        is_marked: Whether the peer writes source numbers; if not, every sentence cites all sources.
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
        else [asdict(citation_of(n, source, ())) for n, source in enumerate(sources, 1) if source],
        "dropped": [],
        "timings_ms": {"total": round(1000 * (time.perf_counter() - started))},
    }


def with_header(article: Article) -> str:
    """An article as given to a peer: title, publisher and date above the text."""
    return f"{_header(article)}{article.text}"


def located(article: Article, chunk: str) -> Evidence | None:
    """The span of an article that a chunk was taken from; None if a splitter has altered the text."""
    words = chunk.replace(_header(article).strip(), "").strip()
    at = article.text.find(words)
    return Evidence(article, read_span(article, at, at + len(words))) if words and at >= 0 else None


def _header(article: Article) -> str:
    return f"{article.title}\n{article.publisher}, {article.published or ''}\n\n"


def _sentences(text: str, language: Language) -> list[dict[str, Any]]:
    """The sentences with the source numbers they are marked with.

    A marker on its own belongs to the sentence before it.
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
