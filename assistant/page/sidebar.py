"""The side bar: conversations, what is searched, and the state of model and archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import gradio as gr

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.ledger import SourceState
from assistant.core.records import Filters
from assistant.page.markup import render
from assistant.page.texts import LANGUAGE_NAMES, TEXTS, Words


@dataclass(frozen=True, slots=True)
class Side:
    """The side bar's components, and what changes them to a language."""

    fresh: gr.Button
    search: gr.Textbox
    listed: gr.Radio
    title: gr.Textbox
    rename: gr.Button
    remove: gr.Button
    exports: gr.HTML
    filters: Sequence[Any]
    state: gr.HTML
    words: Words


def build_side(pipeline: AnswerPipeline, archive: Archive) -> Side:
    """Lay out the side bar."""
    fresh = gr.Button(variant="primary", elem_id="fresh")
    with gr.Accordion(open=True) as history:
        search = gr.Textbox(show_label=False, container=False, max_lines=1, elem_id="search-history")
        listed = gr.Radio([], show_label=False, container=False, elem_id="history")
    with gr.Accordion(open=False, elem_id="manage") as manage:
        title = gr.Textbox(max_lines=1, elem_id="title")
        with gr.Row():
            rename = gr.Button(size="sm", elem_id="rename", min_width=80)
            remove = gr.Button(size="sm", variant="stop", elem_id="remove", min_width=80)
        exports = gr.HTML(elem_id="exports")
    with gr.Accordion(open=False, elem_id="filters") as only:
        languages = gr.CheckboxGroup([(name, str(tag)) for tag, name in LANGUAGE_NAMES.items()])
        publishers = gr.Dropdown(multiselect=True, elem_id="publishers")
        since, until = (gr.Textbox(max_lines=1, elem_id=name) for name in ("since", "until"))
    with gr.Accordion(open=False, elem_id="status") as status:
        state = gr.HTML()
    words: Words = {
        fresh: lambda tag: gr.Button(TEXTS["clear"][tag]),
        history: lambda tag: gr.Accordion(TEXTS["history"][tag]),
        search: lambda tag: gr.Textbox(
            placeholder=TEXTS["search_history"][tag], label=TEXTS["search_history"][tag]
        ),
        listed: lambda tag: gr.Radio(label=TEXTS["history"][tag]),
        manage: lambda tag: gr.Accordion(TEXTS["manage"][tag]),
        title: lambda tag: gr.Textbox(label=TEXTS["new_title"][tag]),
        rename: lambda tag: gr.Button(TEXTS["rename"][tag]),
        remove: lambda tag: gr.Button(TEXTS["remove"][tag]),
        only: lambda tag: gr.Accordion(TEXTS["filters"][tag]),
        languages: lambda tag: gr.CheckboxGroup(label=TEXTS["languages"][tag]),
        publishers: lambda tag: gr.Dropdown(
            choices=[name for name in archive.store.publishers() if name], label=TEXTS["publishers"][tag]
        ),
        since: lambda tag: gr.Textbox(label=TEXTS["since"][tag], placeholder="2025-11-27"),
        until: lambda tag: gr.Textbox(label=TEXTS["until"][tag], placeholder="2025-11-27"),
        status: lambda tag: gr.Accordion(TEXTS["status"][tag]),
        state: lambda tag: gr.HTML(state_html(pipeline, archive, tag)),
    }
    return Side(
        fresh,
        search,
        listed,
        title,
        rename,
        remove,
        exports,
        (languages, publishers, since, until),
        state,
        words,
    )


def filters_of(
    tag: Language, languages: Sequence[str], publishers: Sequence[str], since: str | None, until: str | None
) -> Filters:
    """The filters as they are set.

    Raises:
        ValueError: A day cannot be read, or the days are reversed; says so in the reader's language.
    """
    first, last = _day(since, tag), _day(until, tag)
    if first and last and first > last:
        raise ValueError(TEXTS["reversed_days"][tag])
    return Filters(tuple(map(Language, languages)), tuple(publishers), first, last)


def _day(written: str | None, tag: Language) -> date | None:
    text = (written or "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise ValueError(TEXTS["bad_day"][tag].format(text=text)) from exc


def state_html(pipeline: AnswerPipeline, archive: Archive, tag: Language) -> str:
    """The model with its calibration, the archive's counts, what is wrong, and the command that mends it."""
    counts, state = archive.store.counts(), archive.state()
    failed = archive.store.ledger.count(SourceState.FAILED)
    return render(
        "state",
        tag,
        model=pipeline.model_name if pipeline.has_model else "",
        calibration=pipeline.calibration.model,
        counts=counts,
        state=state,
        failed=failed,
    )
