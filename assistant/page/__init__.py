"""The page: chat, articles and measured accuracy, in Gradio."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant.access import Access
from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.settings import Login
from assistant.page.chat import Chat
from assistant.page.chat_tab import LISTEN, ChatTab, user_of_event
from assistant.page.documents import Documents
from assistant.page.markup import render
from assistant.page.measured import measured_html
from assistant.page.sidebar import build_side
from assistant.page.texts import LANGUAGE_NAMES, TEXTS, Words, gradio_words, preferred_language

__all__ = ["Panel", "build_page", "mount_page"]

Panel = Callable[[gr.State], Words]
"""Builds the contents of the articles tab."""

_TITLE = TEXTS["title"][Language.EN]
_ASSETS = Path(__file__).with_name("assets")
_WIDE = 1024
"""Width of the window, in pixels, from which the side bar is open at first."""
_STATE_S = 20
"""How often the state in the side bar is looked at, in seconds."""


def build_page(
    pipeline: AnswerPipeline,
    archive: Archive,
    access: Access,
    panel: Panel,
    *,
    report: Path,
    language: Language | None = None,
) -> gr.Blocks:
    """Build the page.

    Args:
        pipeline: Answers the questions.
        archive: Has the articles, and keeps the conversations.
        access: Limits the questions of a user.
        panel: Builds the articles tab.
        report: Results file of the last evaluation, which need not exist.
        language: Interface language; None takes the browser's.
    """
    chat = Chat(pipeline, archive, access)
    page: gr.Blocks
    with gr.Blocks(title=_TITLE, analytics_enabled=False, fill_width=True) as page:
        tongue = gr.State(language or Language.EN)
        width = gr.Number(visible=False)
        with gr.Sidebar(width=300, open=False, elem_id="side") as bar:
            side = build_side(pipeline, archive)
        with gr.Row(elem_id="heading"):
            heading = gr.HTML(scale=4)
            switch = gr.Radio(
                [(name, str(tag)) for tag, name in LANGUAGE_NAMES.items()],
                show_label=False,
                container=False,
                elem_id="language",
            )
        with gr.Tab("…") as chat_tab:
            tab = ChatTab(chat, side, tongue)
        with gr.Tab("…") as articles_tab:
            panel_words = panel(tongue)
        with gr.Tab("…") as measured_tab:
            measured = gr.HTML(elem_id="measured")

        words: dict[Any, Callable[[Language], Any]] = {
            heading: lambda tag: gr.HTML(
                render(
                    "heading",
                    tag,
                    has_model=pipeline.has_model,
                    may_log_out=access.login is Login.USERS,
                    gradio=json.dumps(gradio_words(tag), ensure_ascii=False),
                )
            ),
            chat_tab: lambda tag: gr.Tab(TEXTS["chat"][tag]),
            articles_tab: lambda tag: gr.Tab(TEXTS["articles"][tag]),
            measured_tab: lambda tag: gr.Tab(TEXTS["measured"][tag]),
            measured: lambda tag: gr.HTML(measured_html(report, tag)),
            **side.words,
            **tab.words,
            **panel_words,
        }

        def in_language(tag: str) -> list[Any]:
            chosen = Language(tag)
            return [chosen, *(word(chosen) for word in words.values())]

        def on_load(conversation: str | None, wide: float | None, request: gr.Request) -> list[Any]:
            chosen = language or preferred_language(request.headers.get("accept-language", ""))
            is_wide = (wide or 0) >= _WIDE
            opened = chat.opened(user_of_event(request).owner, conversation)
            return [str(chosen), gr.Sidebar(open=is_wide), *in_language(chosen), opened]

        shown = [tongue, *words]
        loaded = page.load(
            on_load,
            [tab.kept, width],
            [switch, bar, *shown, tab.talk],
            js="(kept, _) => [kept, window.innerWidth]",
            **LISTEN,
        )
        tab.show(loaded)
        loaded.then(None, js="() => document.querySelector('#question textarea').focus()", **LISTEN)
        tab.show(switch.input(in_language, [switch], shown, **LISTEN))
        gr.Timer(_STATE_S).tick(side.words[side.state], [tongue], [side.state], **LISTEN)
    return page


def mount_page(app: FastAPI, page: gr.Blocks, archive: Archive, access: Access) -> FastAPI:
    """Mount the page at ``/`` behind the login, and the documents beside it; nothing is loaded from other hosts."""
    app.mount("/page-assets", StaticFiles(directory=_ASSETS))
    Documents(archive, access).add_to(app)
    fonts = ("system-ui", "Noto Sans CJK KR", "Noto Sans", "sans-serif")
    theme = gr.themes.Soft(font=fonts, font_mono=("ui-monospace", "monospace")).set(
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        checkbox_label_background_fill_selected="*primary_700",
        checkbox_label_background_fill_selected_dark="*primary_700",
        block_label_text_color="*primary_800",
        block_label_text_color_dark="*primary_100",
        block_title_text_color="*primary_800",
        block_title_text_color_dark="*primary_100",
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="",
        footer_links=[],
        css_paths=[_ASSETS / "page.css"],
        head='<script src="/page-assets/page.js" defer></script>',
        theme=theme,
        ssr_mode=False,
        run_history=False,
        max_file_size="20mb",
    )
    access.guard(mounted)
    return mounted
