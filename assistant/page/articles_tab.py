"""The articles tab: what the archive holds, read, searched, added to and removed from."""

import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.records import Filters
from assistant.core.settings import IngestSettings
from assistant.core.storage import on_disk
from assistant.page.chat_tab import LISTEN, user_of_event
from assistant.page.markup import article_html, render
from assistant.page.texts import LANGUAGE_NAMES, TEXTS, Words, day, texts
from ingest import reports
from ingest.fetch import Fetcher
from ingest.ingester import Ingester, IngestOutcome, Result
from ingest.sources import MAX_BYTES, SUFFIXES, find_sources
from ingest.worker import Worker

_TEXTS = texts("articles")
_COLUMNS = ("date", "publisher", "language", "title", "story", "version")
_WIDTHS: list[str | int] = ["12%", "12%", "12%", "31%", "12%", "9%", "12%"]
"""Of the columns and the id."""
_SHOWN = 500
"""Rows of the table; the search finds the others."""


class ArticlesTab:
    """The tab's builder, and what happens in it.

    Uploaded files are copied to ``uploads``, so that their articles keep a permanent source.
    """

    def __init__(self, archive: Archive, worker: Worker, settings: IngestSettings, uploads: Path) -> None:
        self._archive, self._worker, self._settings, self._uploads = archive, worker, settings, uploads

    def __call__(self, tongue: gr.State) -> Words:
        """Lay out the tab and connect its events."""
        with gr.Row():
            upload = gr.File(file_count="multiple", file_types=list(SUFFIXES), height=140, elem_id="upload")
            with gr.Column():
                address = gr.Textbox(max_lines=1, elem_id="address")
                add = gr.Button(elem_id="add-address")
        outcome = gr.HTML(elem_id="outcome")
        search = gr.Textbox(elem_id="search-articles")
        table = gr.Dataframe(
            interactive=False,
            wrap=True,
            show_label=False,
            elem_id="articles",
            type="array",
            max_height=420,
            column_widths=_WIDTHS,
        )
        chosen: gr.State = gr.State("")
        remove = gr.Button(visible=False, variant="stop", size="sm", elem_id="remove-article")
        shown = gr.HTML(elem_id="article")
        state = gr.HTML(elem_id="sources-state")

        listing, outputs = [search, tongue], [table, state]
        for event, run, source in (
            (upload.upload, self._add_files, upload),
            (add.click, self._add_address, address),
            (address.submit, self._add_address, address),
        ):
            event(run, [source, tongue], [source, outcome], **LISTEN).then(
                self._listed, listing, outputs, **LISTEN
            )
        search.change(self._listed, listing, outputs, **LISTEN)
        table.select(self._opened, [tongue], [chosen, shown, remove], **LISTEN)
        remove.click(self._remove, [chosen, tongue], [outcome, shown, remove], **LISTEN).then(
            self._listed, listing, outputs, **LISTEN
        )
        return {
            upload: lambda tag: gr.File(label=_TEXTS["add"][tag]),
            address: lambda tag: gr.Textbox(label=_TEXTS["address"][tag], placeholder="https://…"),
            add: lambda tag: gr.Button(_TEXTS["add_address"][tag]),
            search: lambda tag: gr.Textbox(label=_TEXTS["search"][tag]),
            table: lambda tag: self._table("", tag),
            shown: lambda tag: gr.HTML(f"<p>{_TEXTS['choose'][tag]}</p>"),
            remove: lambda tag: gr.Button(_TEXTS["remove"][tag], visible=False),
            state: self._state,
        }

    def _add_files(
        self, files: list[str] | None, tag: Language, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        if not user_of_event(request).is_editor:
            yield None, _note(_TEXTS["editors_only"][tag])
            return
        kept = [keep(Path(file), self._uploads) for file in files or []]
        for said in self._added([str(path) for path in kept], tag):
            yield None, said

    def _add_address(self, address: str, tag: Language, request: gr.Request) -> Iterator[tuple[str, str]]:
        if not user_of_event(request).is_editor:
            yield address, _note(_TEXTS["editors_only"][tag])
            return
        if not address.strip():
            return
        written = address.strip() if "://" in address else f"https://{address.strip()}"
        for said in self._added([written], tag):
            yield "", said

    def _added(self, names: Sequence[str], tag: Language) -> Iterator[str]:
        """What became of the sources so far, one after the other."""
        yield _note(_TEXTS["reading"][tag])
        with Fetcher(self._settings, MAX_BYTES) as fetcher:
            sources = list(find_sources(names, fetcher))
            results: list[Result] = []
            for result in Ingester(self._archive.store, self._worker.work, fetcher).add(sources):
                results.append(result)
                yield outcome_html(results, len(sources), tag)
        self._archive.synchronise()

    def _listed(self, words: str, tag: Language) -> tuple[Any, ...]:
        return self._table(words, tag), self._state(tag)

    def _opened(self, tag: Language, request: gr.Request, chosen: gr.SelectData) -> tuple[Any, ...]:
        id_ = str(chosen.row_value[-1])
        article = next(iter(self._archive.store.articles([id_])), None)
        if article is None:
            return "", _note(TEXTS["no_such_article"][tag]), gr.Button(visible=False)
        members = self._archive.store.story_members([article.story_id])[article.story_id]
        versions = render("versions", tag, article=article, versions=_TEXTS["versions"][tag])
        html = versions + article_html(article, members, tag)
        return id_, html, gr.Button(visible=user_of_event(request).is_editor)

    def _remove(self, id_: str, tag: Language, request: gr.Request) -> tuple[Any, ...]:
        if not user_of_event(request).is_editor:
            return _note(_TEXTS["editors_only"][tag]), gr.skip(), gr.skip()
        self._archive.store.remove_all([id_])
        self._archive.synchronise()
        return _note(_TEXTS["removed"][tag]), "", gr.Button(visible=False)

    def _table(self, words: str, tag: Language) -> gr.Dataframe:
        found = reports.found(self._archive.store, words.split(), Filters())
        rows = [
            [
                day(article.published, tag) if article.published else "–",
                article.publisher,
                LANGUAGE_NAMES[article.language],
                article.title,
                TEXTS[article.relation][tag],
                article.version,
                article.id,
            ]
            for article in self._archive.store.articles(found[:_SHOWN])
        ]
        label = _TEXTS["found"][tag].format(n=len(found))
        return gr.Dataframe(
            rows, headers=[*(_TEXTS[key][tag] for key in _COLUMNS), "ID"], label=label, show_label=True
        )

    def _state(self, tag: Language) -> str:
        said = {key: by_language[tag] for key, by_language in _TEXTS.items()}
        return render("sources", tag, said=said, status=reports.status(self._archive.store))


def keep(upload: Path, folder: Path) -> Path:
    """Copy an uploaded file to its permanent place; returns the new path."""
    # Keyed by content: another file of the same name is another article.
    kept = folder / hashlib.sha256(upload.read_bytes()).hexdigest()[:16] / _file_name(upload)
    with on_disk(folder.parent):
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(upload, kept)
    return kept


def outcome_html(results: Sequence[Result], total: int, tag: Language) -> str:
    """What became of the sources so far, the reason of a failure with each."""
    said = {str(outcome): _TEXTS[outcome][tag] for outcome in IngestOutcome}
    done = _TEXTS["done"][tag].format(done=len(results), total=total)
    return render("outcome", tag, results=results, said=said, done=done)


def _note(text: str) -> str:
    return render("note", Language.EN, text=text)


def _file_name(upload: Path) -> str:
    return re.sub(r"[^\w.\- ]", "_", upload.name).lstrip(".") or "article.txt"
