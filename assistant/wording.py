"""Puts an answer into words: by the model, a sentence at a time, or by a template."""

import re
from collections.abc import Iterator

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage

from assistant import prompts
from assistant.core.figures import render_figure
from assistant.core.records import Evidence
from assistant.core.text import Language, ends_abbreviation
from assistant.reading.candidates import Chosen

MAX_SENTENCES = 6
"""A model that has written so many sentences runs on."""

# A sentence's end with the markers that belong to it; decimal points and dates have no white space behind them.
_END = re.compile(r"""(?:(?<!\d)\.|(?<=[\d][\d%])\.(?!\s*\d)|[!?…])["'”’»)]*(?:\s*\[[\d,\s]+\])*(?=\s+[^\s\[])|\n+""")
_NUMERALS = re.compile(r"[^\W_A-Za-zÀ-ỹ가-힣]+")
# Particles that depend on the sound before them: with a closing consonant, without one.
_PARTICLES = (
    ("은", "는"),
    ("이", "가"),
    ("을", "를"),
    ("으로", "로"),
    ("과", "와"),
    ("이며", "며"),
    ("이고", "고"),
    ("이다", "다"),
)
_CLOSED_SIGNS = frozenset("013678LMNRlmnr")
"""Digits and letters whose Korean names end in a consonant: 영, 일, 삼, 육, 칠, 팔, 엘, 엠, 엔, 알."""


def model_sentences(model: BaseChatModel, messages: list[BaseMessage]) -> Iterator[str]:
    """The model's sentences, each as soon as it is whole; ends where the model begins to repeat itself or runs on."""
    seen: set[str] = set()
    for sentence in _whole_sentences(model, messages):
        if sentence in seen or len(seen) == MAX_SENTENCES:
            return
        seen.add(sentence)
        yield sentence


def worded_figure(
    model: BaseChatModel, messages: list[BaseMessage], chosen: Chosen, question: str, language: Language
) -> str | None:
    """The model's sentence with the chosen figure in the place of its mark; None where it did not keep to the mark.

    Numerals of any script may only be the question's own (Qwen3, 2024). A grammar that forbids the others was tried: held to it,
    the 1.5B model fills its sentences with empty words until the mark is due, and takes several times as long.
    """
    written = next(_whole_sentences(model, messages), "")
    before, mark, after = written.partition(prompts.MARK)
    foreign = set(_NUMERALS.findall(before + re.sub(r"\[\d+\]", "", after))) - set(_NUMERALS.findall(question))
    if not mark or prompts.MARK in after or foreign:
        return None
    return before + with_particle(render_figure(chosen.figure, language), after, language)


def with_particle(figure: str, after: str, language: Language) -> str:
    """A figure with what follows it, its unit once; in Korean the particle takes the form that the figure's last sound asks for."""
    after = _without_unit(figure, after)
    if language is not Language.KO:
        return figure + after
    closed = _ends_closed(figure)
    for with_closing, without in _PARTICLES:
        for form in (with_closing, without):
            if after.startswith(form) and not after[len(form) : len(form) + 1].isalpha():
                is_ro_after_l = without == "로" and figure.endswith(("일", "달"))  # ㄹ counts as open there
                right = with_closing if closed and not is_ro_after_l else without
                return figure + right + after[len(form) :]
    return figure + after


def _without_unit(figure: str, after: str) -> str:
    """What follows a mark, without the unit that the figure brings itself: "<A>점입니다", "<A> ngôn ngữ"."""
    rest = after.lstrip()
    ends = (figure[-n:].strip() for n in range(len(figure), 0, -1))
    unit = next((end for end in ends if end.isalpha() and rest.startswith(end)), "")
    return rest[len(unit) :] if unit else after


def figure_sentence(chosen: Chosen, language: Language) -> str:
    """The template sentence around a chosen figure."""
    source = prompts.source_phrase(chosen.evidence, language)
    return prompts.render("figure", language, "template", source=source, figure=render_figure(chosen.figure, language))


def quotation(evidence: Evidence, language: Language) -> str:
    """A sentence of an article as a quotation, with its source named."""
    return prompts.render(
        "quotation", language, "template", source=prompts.source_phrase(evidence, language), quote=" ".join(evidence.quote.split())
    )


def _ends_closed(figure: str) -> bool:
    """Whether the last syllable, as it is read aloud, ends in a consonant."""
    last = figure.rstrip(" )")[-1:]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 > 0
    return last in _CLOSED_SIGNS


def _whole_sentences(model: BaseChatModel, messages: list[BaseMessage]) -> Iterator[str]:
    buffer = ""
    for chunk in model.stream(messages):
        buffer += str(chunk.content)
        while match := next((m for m in _END.finditer(buffer) if not ends_abbreviation(buffer[: m.end()])), None):
            sentence, buffer = buffer[: match.end()].strip(), buffer[match.end() :]
            if sentence:
                yield sentence
    if buffer.strip():
        yield buffer.strip()
