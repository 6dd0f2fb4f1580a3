"""Renders answers and articles as HTML by autoescaping templates, and answers as Markdown."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.core.languages import Language, load_table
from assistant.core.records import Answer, Article, Sentence, StoryMember
from assistant.page.exchange import Exchange
from assistant.page.texts import TEXTS, day, ingest_error, moment
from assistant.writing import prompts

_ENVIRONMENT = Environment(
    loader=PackageLoader("assistant.page"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_WHY = {language: load_table(language, "report")["reasons"] for language in Language}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")


def render(template: str, language: Language, **values: Any) -> Markup:
    """A template of this folder, with the page's texts and the language's way of writing days."""
    said = {key: by_language[language] for key, by_language in TEXTS.items()}
    html = _ENVIRONMENT.get_template(f"{template}.html.jinja").render(
        t=said,
        ui=language,
        day=partial(day, language=language),
        moment=partial(moment, language=language),
        ingest_error=partial(ingest_error, language=language),
        address=partial(article_address, ui=language),
        web=web_address,
        **values,
    )
    return Markup(html)  # noqa: S704 - autoescaped


def answer_html(exchange: Exchange, language: Language) -> Markup:
    """An answer so far: figure, sentences with citations, disagreements, and what was not shown."""
    answer = exchange.answer
    return render(
        "answer",
        language,
        exchange=exchange,
        answer=answer,
        progress=_progress(answer, language),
        unsure=_unsure(answer) if answer else "",
        marked=_marked,
        reasons=_reasons(answer, language) if answer else (),
        markdown=answer_markdown(exchange, language) if answer else "",
        has_failed=answer is not None and any("the language model failed" in step for step in answer.trace),
    )


def article_html(
    article: Article,
    members: Sequence[StoryMember],
    language: Language,
    *,
    span: tuple[int, int] | None = None,
    is_latest: bool = True,
) -> Markup:
    """A whole article with a span of it highlighted."""
    start, end = span or (0, 0)
    return render(
        "article",
        language,
        article=article,
        members=[member for member in members if member.article_id != article.id],
        parts=(article.text[:start], article.text[start:end], article.text[end:]),
        is_latest=is_latest,
    )


def article_address(
    article_id: str,
    version: int | None = None,
    span: tuple[int, int] | None = None,
    *,
    ui: Language,
) -> str:
    """The address of an article on this page, at a span of it."""
    query: dict[str, Any] = {"ui": str(ui)}
    if version:
        query["version"] = version
    if span:
        query |= {"start": span[0], "end": span[1]}
    return f"/articles/{quote(article_id)}?{urlencode(query)}" + ("#quote" if span else "")


def web_address(url: str) -> str:
    """The URL if it is one of the web, else an empty string: no other scheme becomes a link."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def answer_markdown(exchange: Exchange, language: Language) -> str:
    """A question and its answer as Markdown, with the quoted words and the addresses of its sources."""
    answer = exchange.answer
    lines = [f"## {_plain(exchange.question)}", ""]
    if answer is None:
        return "\n".join(lines)
    lines += [_plain(answer.text), ""]
    for citation in answer.citations:
        facts = " · ".join(filter(None, (citation.publisher, day(citation.published, language))))
        lines += [
            f"{citation.n}. **{_plain(citation.title)}** ({_plain(facts)}) {web_address(citation.url)}".rstrip()
        ]
        lines += [f"   > {_plain(' '.join(citation.quote.split()))}"]
    return "\n".join(lines).rstrip() + "\n"


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _progress(answer: Answer | None, language: Language) -> str:
    if answer is None:
        return TEXTS["searching"][language]
    if answer.done:
        return ""
    key = answer.progress.stage if answer.progress else "writing"
    return TEXTS[key][language].format(n=answer.progress.n if answer.progress else 0)


def _unsure(answer: Answer) -> str:
    said = prompts.render("unsure", answer.language, "message")
    return said if answer.text.startswith(said) else ""


def _marked(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """The parts of a sentence, each checked figure with its source's own spelling."""
    at = 0
    for figure in sentence.figures:
        found = sentence.text.find(figure.text, at)
        if figure.agrees_with is None or found < 0:
            continue
        yield sentence.text[at:found], ""
        yield figure.text, figure.agrees_with.text
        at = found + len(figure.text)
    yield sentence.text[at:], ""


def _reasons(answer: Answer, language: Language) -> list[tuple[str, str]]:
    """The sentences that were not shown, each with the reason in the reader's language."""
    said = _WHY[language]
    return [
        (one.text, said[next((start for start in said if one.why.startswith(start)), "other")])
        for one in answer.dropped
    ]
