"""Loads and fills the templates in ``prompts/``."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from string import Template

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.core.figures import render_date, render_figure
from assistant.core.languages import Language
from assistant.core.records import Evidence
from assistant.core.tabular import Row


def render(task: str, language: Language, role: str, **variables: str) -> str:
    """A filled template, without its final newline.

    Raises:
        KeyError: A variable of the template is missing.
    """
    return _template(f"{task}.{language}.{role}.txt").substitute(variables)


def refusal(language: Language) -> str:
    """The message for when the articles do not contain the answer."""
    return render("refusal", language, "message")


def answer_prompt(question: str, language: Language, evidence: Sequence[Evidence]) -> list[BaseMessage]:
    """The messages that ask a model to answer from evidence sentences, numbered from 1."""
    lines = (evidence_line(n, item, language) for n, item in enumerate(evidence, 1))
    return [
        SystemMessage(render("answer", language, "system", refusal=refusal(language))),
        HumanMessage(render("answer", language, "user", evidence="\n".join(lines), question=question)),
    ]


def repair_prompt(
    asked: Sequence[BaseMessage], written: str, reasons: str, language: Language
) -> list[BaseMessage]:
    """The messages that ask a model to try again, given what it wrote and why that cannot be shown."""
    return [*asked, AIMessage(written), HumanMessage(render("repair", language, "user", reasons=reasons))]


def translation_prompt(item: Evidence, language: Language) -> list[BaseMessage]:
    """The messages that ask a model to translate a quotation."""
    quote = " ".join(_annotated(item, language).split())
    return [
        SystemMessage(render("translate", language, "system")),
        HumanMessage(render("translate", language, "user", quote=quote)),
    ]


def evidence_line(n: int, item: Evidence, language: Language) -> str:
    """One numbered evidence sentence; a table row comes with its header.

    Figures in another language are annotated with their form in the answer's.
    """
    if row := item.span.row:
        words = "; ".join(_cell(row, column, item, language) for column in range(1, len(row.cells)))
        return f"[{n}] ({source_label(item)}) {row.caption} {row.cells[0].text}: {words}"
    header = item.span.header
    words = f"{header} | {_annotated(item, language)}" if header else _annotated(item, language)
    return f"[{n}] ({source_label(item)}) {' '.join(words.split())}"


def _cell(row: Row, column: int, item: Evidence, language: Language) -> str:
    """A column head and its cell, annotated with the figure's form in the answer's language."""
    figures = [f for f in item.figures if row.column_of(f.start) == column]
    said = row.clause(column, item.article.language).removeprefix(f"{row.cells[0].text} ")
    return (
        said
        if item.article.language is language or not figures
        else f"{said} (= {render_figure(figures[0], language)})"
    )


def _annotated(item: Evidence, language: Language) -> str:
    quote = item.quote
    if item.article.language is language:
        return quote
    for figure in reversed(item.figures):
        rendered = render_figure(figure, language)
        if rendered != figure.text:
            quote = f"{quote[: figure.end]} (= {rendered}){quote[figure.end :]}"
    return quote


def source_phrase(evidence: Evidence, language: Language) -> str:
    """How a sentence names its source: publisher and date, as far as they are known, else the title."""
    article = evidence.article
    publisher = _plain(article.publisher)
    day = render_date(article.published.isoformat(), language) if article.published else ""
    if publisher:
        return render(
            "source_both" if day else "source_publisher", language, "phrase", publisher=publisher, day=day
        )
    if day:
        return render("source_day", language, "phrase", day=day)
    return render("source_title", language, "phrase", title=_plain(article.title))


def source_label(evidence: Evidence) -> str:
    """Publisher, else title, of a sentence's article, with the date if it is known."""
    article = evidence.article
    name = _plain(article.publisher or article.title)
    return f"{name} ({article.published})" if article.published else name


def _plain(name: str) -> str:
    """A name on one line, without square brackets, so that it cannot pass for another line of evidence."""
    return " ".join(name.translate(str.maketrans("[]", "()")).split())


def prompt_hash(messages: Sequence[BaseMessage]) -> str:
    """Short hash of a rendered prompt."""
    return hashlib.sha256("\0".join(_texts(messages)).encode()).hexdigest()[:12]


def as_text(messages: Sequence[BaseMessage]) -> str:
    """A rendered prompt as one text."""
    return "\n".join(_texts(messages))


def _texts(messages: Sequence[BaseMessage]) -> Iterator[str]:
    return (str(message.content) for message in messages)


@cache
def _template(name: str) -> Template:
    return Template(resources.files("prompts").joinpath(name).read_text(encoding="utf-8").removesuffix("\n"))
