"""Reads and fills the text files of ``prompts/``."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from string import Template

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from assistant.core.records import Evidence
from assistant.core.text import Language


def render(task: str, language: Language, role: str, **variables: str) -> str:
    """A filled text without its final line end.

    Raises:
        KeyError: A variable of the text is not given.
    """
    return _template(f"{task}.{language}.{role}.txt").substitute(variables)


def refusal(language: Language) -> str:
    """What is said when the articles do not hold the answer."""
    return render("refusal", language, "message")


def answer_prompt(question: str, language: Language, evidence: Sequence[Evidence]) -> list[BaseMessage]:
    """The messages that ask a model to answer from numbered evidence sentences, numbers from 1."""
    lines = (f"[{n}] ({source_label(item)}) {' '.join(item.quote.split())}" for n, item in enumerate(evidence, 1))
    return [
        SystemMessage(render("answer", language, "system", refusal=refusal(language))),
        HumanMessage(render("answer", language, "user", evidence="\n".join(lines), question=question)),
    ]


def source_label(evidence: Evidence) -> str:
    """Publisher and date of a sentence's article, or what of them is known, or its title."""
    article = evidence.article
    # In one line and without brackets, so that a publisher's name cannot pass for another line of evidence.
    name = " ".join((article.publisher or article.title).translate(str.maketrans("[]", "()")).split())
    return f"{name} ({article.published})" if article.published else name


def prompt_hash(messages: Sequence[BaseMessage]) -> str:
    """Short hash of a rendered prompt."""
    return hashlib.sha256("\0".join(_texts(messages)).encode()).hexdigest()[:12]


def n_chars(messages: Sequence[BaseMessage]) -> int:
    """Length of a rendered prompt in characters."""
    return sum(map(len, _texts(messages)))


def _texts(messages: Sequence[BaseMessage]) -> Iterator[str]:
    return (str(message.content) for message in messages)


@cache
def _template(name: str) -> Template:
    return Template(resources.files("prompts").joinpath(name).read_text(encoding="utf-8").removesuffix("\n"))
