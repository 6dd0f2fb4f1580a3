"""Drafts cases for a person to edit: from the figures of articles, each a gap in its sentence, and from readers' judgements."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from assistant.core.conversations import StoredExchange
from assistant.core.errors import EvalError, IngestError
from assistant.core.figures import Figure, figure_json, read_figures
from assistant.core.languages import Language
from assistant.core.records import Status
from assistant.core.text import sentence_spans
from eval.dataset.cases import CaseType
from ingest.extract import read_article

_QUESTION = {
    Language.KO: "빈칸에 들어갈 수치는? “{gap}”",
    Language.VI: "Con số nào nằm ở chỗ trống? “{gap}”",
    Language.EN: "Which figure belongs in the gap? “{gap}”",
}
_GAP = "____"


def drafts(files: Sequence[Path]) -> Iterator[str]:
    """One JSON line per exact figure; article paths are relative to the folder that a run gets as ``--articles``.

    Raises:
        EvalError: A file cannot be read as an article.
    """
    for file in files:
        try:
            article = read_article(file)
        except (OSError, IngestError) as exc:
            raise EvalError(f"{file} cannot be read as an article: {exc}") from exc
        n = 0
        for start, end in sentence_spans(article.text, article.body_start):
            quote = article.text[start:end]
            for figure in read_figures(quote, article.language, article.published):
                if not _is_exact(figure):
                    continue
                n += 1
                yield _case(f"{file.stem}-{n}", file.name, quote, figure, article.language)


def from_feedback(judged: Iterable[StoredExchange]) -> Iterator[str]:
    """One JSON line per answer that a reader has judged: the figure that was right, or the reader's correction."""
    for exchange in judged:
        answer, judgement = exchange.answer, exchange.judgement
        if judgement is None:
            continue
        figures = read_figures(judgement.correction, answer.language, exchange.asked.date())
        spans = []
        if judgement.is_right:
            figures = tuple(f for one in answer.sentences for f in read_figures(one.text, answer.language))
            spans = [
                {"article": unquote(urlsplit(one.url).path).rsplit("/", 1)[-1], "quote": one.quote}
                for one in answer.citations
            ]
        is_answerable = answer.status is not Status.NO_EVIDENCE or not judgement.is_right
        kind = CaseType.FIGURE if figures else CaseType.NARRATIVE
        said = "right" if judgement.is_right else f"wrong ({judgement.reason or 'no reason given'})"
        case = {
            "id": f"feedback-{exchange.id}",
            "question": answer.standalone or exchange.question,
            "type": kind if is_answerable else CaseType.UNANSWERABLE,
            "answerable": is_answerable,
            "figures": [_gold(figure) for figure in figures if _is_exact(figure)],
            "spans": spans,
            "answer": judgement.correction,
            "reason": f"draft: a reader called the answer {said}; check figures and spans",
        }
        yield json.dumps(case, ensure_ascii=False)


def _is_exact(figure: Figure) -> bool:
    return not figure.vague and bool(
        figure.value is not None or figure.low is not None or figure.high is not None or figure.date
    )


def _gold(figure: Figure) -> dict[str, str]:
    canonical = figure_json(figure)
    return {
        key: canonical[key] for key in ("kind", "unit", "value", "low", "high") if canonical[key] is not None
    }


def _case(name: str, article: str, quote: str, figure: Figure, language: Language) -> str:
    gap = " ".join((quote[: figure.start] + _GAP + quote[figure.end :]).split())
    case = {
        "id": name,
        "question": _QUESTION[language].format(gap=gap),
        "type": "figure",
        "answerable": True,
        "figures": [_gold(figure)],
        "spans": [{"article": article, "quote": quote}],
        "reason": "draft: put the question into a reader's words",
    }
    return json.dumps(case, ensure_ascii=False)
