"""The chat page: Gradio around custom HTML."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.errors import AssistantError
from assistant.core.languages import Language
from assistant.core.records import Answer, Turn
from assistant.page.markup import CSS, Exchange, context_of, conversation_html, sources_html
from assistant.page.measured import measured_html
from assistant.page.texts import EXAMPLES, LANGUAGE_NAMES, TEXTS, preferred_language

__all__ = ["Panel", "build_page", "mount_page"]

Panel = Callable[[gr.State], Mapping[Any, Callable[[Language], Any]]]
"""Builds the contents of the articles tab; maps each component with text to its update for a language."""

_TITLE = TEXTS["title"][Language.EN]


def build_page(
    pipeline: AnswerPipeline, archive: Archive, language: Language | None, panel: Panel, report: Path
) -> gr.Blocks:
    """Build the page.

    Args:
        pipeline: Answers the questions.
        archive: Supplies the text around a citation.
        language: Interface language; None takes the browser's.
        panel: Builds the articles tab.
        report: Results file of the last evaluation, which need not exist.
    """
    n_examples = len(EXAMPLES[Language.EN])
    page: gr.Blocks
    with gr.Blocks(title=_TITLE, analytics_enabled=False, fill_width=True) as page:
        tongue = gr.State(language or Language.EN)
        exchanges: gr.State = gr.State([])
        with gr.Row():
            heading = gr.HTML(scale=4)
            switch = gr.Radio(
                [(name, tag) for tag, name in LANGUAGE_NAMES.items()],
                show_label=False,
                container=False,
                elem_id="language",
            )
        with gr.Tab("…") as chat_tab:  # noqa: SIM117 - the layout's own nesting
            with gr.Row():
                with gr.Column(scale=3, min_width=320):
                    conversation = gr.HTML(autoscroll=True, elem_id="conversation")
                    with gr.Row():
                        examples = [
                            gr.Button(size="sm", elem_classes="news-example") for _ in range(n_examples)
                        ]
                    with gr.Row():
                        box = gr.Textbox(
                            show_label=False,
                            container=False,
                            scale=6,
                            autofocus=True,
                            max_length=2000,
                            elem_id="question",
                        )
                        send = gr.Button(variant="primary", min_width=80, elem_id="send")
                        stop = gr.Button(min_width=80, elem_id="stop")
                    with gr.Row():
                        alone = gr.Button(size="sm", elem_id="alone", visible=False)
                        clear = gr.Button(size="sm", elem_id="clear")
                with gr.Column(scale=2, min_width=320):
                    sources_title = gr.HTML()
                    sources = gr.HTML(elem_id="sources")
        with gr.Tab("…") as articles_tab:
            panel_words = panel(tongue)
        with gr.Tab("…") as measured_tab:
            measured = gr.HTML(elem_id="measured")

        words: dict[Any, Callable[[Language], Any]] = {
            heading: lambda tag: gr.HTML(_heading(tag, pipeline)),
            chat_tab: lambda tag: gr.Tab(TEXTS["chat"][tag]),
            articles_tab: lambda tag: gr.Tab(TEXTS["articles"][tag]),
            measured_tab: lambda tag: gr.Tab(TEXTS["measured"][tag]),
            measured: lambda tag: gr.HTML(measured_html(report, tag)),
            box: lambda tag: gr.Textbox(placeholder=TEXTS["placeholder"][tag]),
            send: lambda tag: gr.Button(TEXTS["send"][tag]),
            stop: lambda tag: gr.Button(TEXTS["stop"][tag]),
            clear: lambda tag: gr.Button(TEXTS["clear"][tag]),
            alone: lambda tag: gr.Button(TEXTS["alone"][tag]),
            sources_title: lambda tag: gr.HTML(f"<h3>{TEXTS['sources'][tag]}</h3>"),
            **{button: partial(_example, i) for i, button in enumerate(examples)},
            **panel_words,
        }
        shown = [tongue, conversation, sources, *words]

        def in_language(tag: str, so_far: list[Exchange]) -> list[Any]:
            chosen = Language(tag)
            return [
                chosen,
                conversation_html(so_far, chosen),
                sources_html(so_far, chosen),
                *(word(chosen) for word in words.values()),
            ]

        def on_load(request: gr.Request, so_far: list[Exchange]) -> list[Any]:
            chosen = language or preferred_language(request.headers.get("accept-language", ""))
            return [chosen, *in_language(chosen, so_far)]

        def ask(question: str, so_far: list[Exchange], tag: Language) -> Iterator[tuple[Any, ...]]:
            for current in _answers(pipeline, archive, Ask(question, _history(so_far)), so_far):
                yield (
                    "",
                    current,
                    conversation_html(current, tag),
                    sources_html(current, tag),
                    _offer_alone(current),
                )

        def ask_alone(so_far: list[Exchange], tag: Language) -> Iterator[tuple[Any, ...]]:
            for current in _answers(pipeline, archive, Ask(so_far[-1].question), so_far) if so_far else ():
                yield (
                    "",
                    current,
                    conversation_html(current, tag),
                    sources_html(current, tag),
                    _offer_alone(current),
                )

        page.load(on_load, [exchanges], [switch, *shown], api_visibility="private")
        switch.input(
            in_language, [switch, exchanges], shown, api_visibility="private", show_progress="hidden"
        )
        outputs = [box, exchanges, conversation, sources, alone]
        events: list[Any] = [
            event(ask, [source, exchanges, tongue], outputs, api_visibility="private", show_progress="hidden")
            for event, source in [
                (send.click, box),
                (box.submit, box),
                *((button.click, button) for button in examples),
            ]
        ]
        events.append(
            alone.click(
                ask_alone, [exchanges, tongue], outputs, api_visibility="private", show_progress="hidden"
            )
        )
        stop.click(
            _stopped,
            [exchanges, tongue],
            outputs[1:],
            cancels=events,
            api_visibility="private",
            show_progress="hidden",
        )
        clear.click(
            _cleared, [tongue], outputs[1:], cancels=events, api_visibility="private", show_progress="hidden"
        )
    return page


def mount_page(app: FastAPI, page: gr.Blocks) -> FastAPI:
    """Mount the page at ``/``; it loads nothing from other hosts."""
    fonts = ("system-ui", "Noto Sans CJK KR", "Noto Sans", "sans-serif")
    theme = gr.themes.Soft(font=fonts, font_mono=("ui-monospace", "monospace"))
    mounted: FastAPI = gr.mount_gradio_app(
        app, page, path="", footer_links=[], css=CSS, theme=theme, ssr_mode=False, run_history=False
    )
    return mounted


def _answers(
    pipeline: AnswerPipeline, archive: Archive, ask: Ask, so_far: Sequence[Exchange]
) -> Iterator[list[Exchange]]:
    if not ask.question.strip():
        yield list(so_far)
        return
    current = Exchange(ask.question.strip())
    yield [*so_far, current]
    try:
        for answer in pipeline.stream(replace(ask, question=current.question)):
            current = replace(current, answer=answer, contexts=_contexts(archive, answer))
            yield [*so_far, current]
    except AssistantError as exc:
        yield [*so_far, replace(current, error=str(exc))]


def _offer_alone(so_far: Sequence[Exchange]) -> Any:
    """Show the button that asks the last question on its own if it was understood as a follow-up."""
    answer = so_far[-1].answer if so_far else None
    return gr.update(visible=bool(answer and answer.done and answer.standalone not in ("", answer.question)))


def _history(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    turns = [(Turn("user", e.question), Turn("assistant", e.answer.text)) for e in exchanges if e.answer]
    return tuple(turn for pair in turns for turn in pair)


def _contexts(archive: Archive, answer: Answer) -> tuple[tuple[str, str], ...]:
    texts = {a.id: a.text for a in archive.store.articles({c.article_id for c in answer.citations})}
    return tuple(context_of(texts.get(citation.article_id, ""), citation) for citation in answer.citations)


def _stopped(so_far: list[Exchange], tag: Language) -> tuple[Any, ...]:
    """Keep what was shown, and mark an answer cut short as done."""
    kept = [
        replace(e, answer=e.answer.with_changes(done=True)) if e.answer else e
        for e in so_far
        if e.answer or e.error
    ]
    return kept, conversation_html(kept, tag), sources_html(kept, tag), _offer_alone(kept)


def _cleared(tag: Language) -> tuple[Any, ...]:
    return [], conversation_html([], tag), sources_html([], tag), _offer_alone([])


def _example(i: int, tag: Language) -> gr.Button:
    return gr.Button(EXAMPLES[tag][i])


def _heading(tag: Language, pipeline: AnswerPipeline) -> str:
    if pipeline.has_model:
        said = TEXTS["model"][tag].format(model=pipeline.model_name, calibration=pipeline.calibration.model)
        notice = f'<p class="news-small" id="model">{escape(said)}</p>'
    else:
        notice = f'<p class="news-small" id="no-model">⚠ {TEXTS["no_model"][tag]}</p>'
    return f"<h1>{TEXTS['title'][tag]}</h1><p>{TEXTS['about'][tag]}</p>{notice}"
