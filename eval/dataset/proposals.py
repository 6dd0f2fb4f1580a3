"""Drafts cases from the figures of articles, for a person to edit: a sentence with a gap, and the missing figure."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.core.errors import EvalError, IngestError
from assistant.core.figures import Figure, figure_json, read_figures
from assistant.core.languages import Language
from assistant.core.text import sentence_spans
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
                if figure.vague or (
                    figure.value is None and figure.low is None and figure.high is None and not figure.date
                ):
                    continue
                n += 1
                yield _case(f"{file.stem}-{n}", file.name, quote, figure, article.language)


def _case(name: str, article: str, quote: str, figure: Figure, language: Language) -> str:
    canonical = figure_json(figure)
    gold = {
        key: canonical[key] for key in ("kind", "unit", "value", "low", "high") if canonical[key] is not None
    }
    gap = " ".join((quote[: figure.start] + _GAP + quote[figure.end :]).split())
    case = {
        "id": name,
        "question": _QUESTION[language].format(gap=gap),
        "type": "figure",
        "answerable": True,
        "figures": [gold],
        "spans": [{"article": article, "quote": quote}],
        "reason": "draft: put the question into a reader's words",
    }
    return json.dumps(case, ensure_ascii=False)
