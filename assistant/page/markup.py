"""Renders conversation and sources as HTML; all text from articles, models and users is escaped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

from assistant.core.languages import Language
from assistant.core.records import Answer, Citation, Status, StoryMember
from assistant.page.texts import TEXTS
from assistant.writing import prompts

_CONTEXT_CHARS = 600


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer so far.

    ``contexts`` holds the text before and after each citation, ``error`` what went wrong.
    """

    question: str
    answer: Answer | None = None
    contexts: tuple[tuple[str, str], ...] = ()
    error: str | None = None


CSS = """
.news-chat { display: flex; flex-direction: column; gap: .8rem; line-height: 1.6; word-break: keep-all; overflow-wrap: anywhere; }
.news-q { align-self: flex-end; max-width: 85%; padding: .5rem .8rem; border-radius: .8rem; background: var(--color-accent-soft); }
.news-a { padding: .5rem .8rem; border-radius: .8rem; background: var(--background-fill-secondary); }
.news-figure { font-size: 1.5rem; font-weight: 700; }
.news-a a.news-n { text-decoration: none; font-size: .8em; padding: 0 .3em; }
.news-small { font-size: .85em; color: var(--body-text-color-subdued); }
.news-conflict { margin-top: .4rem; padding-left: .6rem; border-left: 3px solid var(--color-accent); }
.news-error { color: var(--error-text-color, #b91c1c); }
.news-sources { max-height: 75vh; overflow-y: auto; line-height: 1.6; overflow-wrap: anywhere; }
.news-source { padding: .5rem .8rem; margin-bottom: .6rem; border: 1px solid var(--border-color-primary); border-radius: .6rem; }
.news-source { scroll-margin-top: 1rem; }
.news-source:target { border-color: var(--color-accent); box-shadow: 0 0 0 2px var(--color-accent); }
.news-source mark { background: #fde68a; color: #1f2937; padding: 0 .1em; }
.news-hint { min-height: 3rem; }
"""


def conversation_html(exchanges: Sequence[Exchange], language: Language) -> str:
    """All questions and answers, with citations linked to the source pane."""
    return f'<div class="news-chat" lang="{language}">{"".join(_exchange(i, e, language) for i, e in enumerate(exchanges))}</div>'


def sources_html(exchanges: Sequence[Exchange], language: Language) -> str:
    """The quotes cited by all answers, in context, the latest answer's first."""
    blocks = [
        _source(turn, citation, before, after, language)
        for turn, exchange in reversed(list(enumerate(exchanges)))
        if exchange.answer
        for citation, (before, after) in zip(exchange.answer.citations, exchange.contexts, strict=True)
    ]
    hint = f'<p class="news-small news-hint">{TEXTS["sources_hint"][language]}</p>'
    return f'<div class="news-sources">{hint}{"".join(blocks)}</div>'


def context_of(text: str, citation: Citation) -> tuple[str, str]:
    """The article's text before and after a citation."""
    return text[max(0, citation.start - _CONTEXT_CHARS) : citation.start], text[
        citation.end : citation.end + _CONTEXT_CHARS
    ]


def _exchange(turn: int, exchange: Exchange, language: Language) -> str:
    question = f'<div class="news-q">{escape(exchange.question)}</div>'
    if exchange.error:
        return f'{question}<div class="news-a news-error">{TEXTS["failed"][language]}: {escape(exchange.error)}</div>'
    return f'{question}<div class="news-a">{_answer(turn, exchange.answer, language)}</div>'


def _answer(turn: int, answer: Answer | None, language: Language) -> str:
    if answer is None:
        return f'<span class="news-small">{TEXTS["searching"][language]}</span>'
    parts = _notes(answer, language)
    if answer.figure:
        parts.append(
            f'<div><span class="news-figure">{escape(answer.figure.rendered)}</span> {_link(turn, answer.figure.citation)}</div>'
        )
    for sentence in answer.sentences:
        links = "".join(_link(turn, n) for n in sentence.citations)
        parts.append(f'<div lang="{answer.language}">{escape(sentence.text)} {links}</div>')
    for conflict in answer.disagreements:
        links = "".join(_link(turn, claim.citation) for claim in conflict.figures)
        parts.append(
            f'<div class="news-conflict" lang="{answer.language}">{escape(conflict.about)} {links}</div>'
        )
    if answer.status is Status.NO_EVIDENCE:
        parts.append(f'<div lang="{answer.language}">{escape(answer.text)}</div>')
    if answer.nearest and (answer.status is Status.NO_EVIDENCE or not answer.sentences):
        titles = "".join(
            f"<li>{escape(article.title)} ({article.published or '–'})</li>" for article in answer.nearest
        )
        parts.append(f'<div class="news-small">{TEXTS["nearest"][language]}<ul>{titles}</ul></div>')
    if not answer.done:
        parts.append(f'<span class="news-small">{TEXTS["writing"][language]}</span>')
    return "".join(parts)


def _notes(answer: Answer, language: Language) -> list[str]:
    """Notes on how the question was understood and, where it applies, that the answer is not sure."""
    parts = []
    if answer.standalone not in ("", answer.question):
        parts.append(
            f'<div class="news-small">{TEXTS["understood"][language]}: {escape(answer.standalone)}</div>'
        )
    if answer.period:
        days = f"{answer.period.since or ''} – {answer.period.until or ''}"
        parts.append(f'<div class="news-small">{TEXTS["period"][language]}: {days}</div>')
    if answer.text.startswith(unsure := prompts.render("unsure", answer.language, "message")):
        parts.append(f'<div class="news-small" lang="{answer.language}">{escape(unsure)}</div>')
    return parts


def _link(turn: int, n: int) -> str:
    return f'<a class="news-n" href="#source-{turn}-{n}">[{n}]</a>'


def _source(turn: int, citation: Citation, before: str, after: str, language: Language) -> str:
    facts = " · ".join(
        escape(fact) for fact in (citation.publisher, citation.published or "", _place(citation.url)) if fact
    )
    also = _also_in(citation, language) if citation.others else ""
    return (
        f'<article class="news-source" id="source-{turn}-{citation.n}" lang="{escape(citation.language)}">'
        f"<strong>[{citation.n}] {escape(citation.title)}</strong><div class='news-small'>{facts}</div>{also}"
        f"<p>{_lines(before)}<mark>{_lines(citation.quote)}</mark>{_lines(after)}</p></article>"
    )


def _also_in(citation: Citation, language: Language) -> str:
    """The other articles that tell the story, each a link to its stored text."""
    members = "".join(
        f'<li lang="{escape(one.language)}"><a href="{escape(_address(one))}" target="_blank">'
        f"{escape(one.title or one.publisher or one.article_id)}</a> "
        f'<span lang="{language}">({_facts(one, language)})</span></li>'
        for one in citation.others
    )
    summary = f"{TEXTS['also_in'][language]}: {citation.also_in}"
    return f'<details class="news-small"><summary>{summary}</summary><ul>{members}</ul></details>'


def _facts(member: StoryMember, language: Language) -> str:
    return " · ".join(filter(None, (escape(member.publisher), TEXTS[member.relation][language])))


def _address(member: StoryMember) -> str:
    return member.url if member.url.startswith("http") else f"/api/articles/{member.article_id}"


def _place(url: str) -> str:
    return unquote(urlsplit(url).path).rsplit("/", 1)[-1] if url.startswith("file:") else url


def _lines(text: str) -> str:
    return re.sub(r"\s*\n\s*", "<br>", escape(text))
