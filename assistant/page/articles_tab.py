"""The page's articles tab: lists the archive and adds to it."""

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.core.archive import Archive
from assistant.core.languages import Language
from assistant.core.storage import on_disk
from assistant.page.texts import texts
from ingest.ingester import Ingester, Result
from ingest.sources import SUFFIXES, find_sources

_TEXTS = texts("articles")


def articles_panel(
    archive: Archive, ingester: Ingester, uploads: Path
) -> Callable[[gr.State], Mapping[Any, Callable[[Language], Any]]]:
    """The tab's builder.

    Uploaded files are copied to ``uploads``, so that their articles keep a permanent source.
    """

    def build(tongue: gr.State) -> Mapping[Any, Callable[[Language], Any]]:
        upload = gr.File(file_count="multiple", file_types=list(SUFFIXES), height=140, elem_id="upload")
        outcome = gr.HTML(elem_id="outcome")
        table = gr.HTML(elem_id="articles")

        def add(files: list[str] | None, language: Language) -> tuple[Any, str, str]:
            kept = [keep(Path(file), uploads) for file in files or []]
            results = list(ingester.add(find_sources([str(path) for path in kept])))
            archive.synchronise()
            return None, _outcome_html(results, language), _table_html(archive, language)

        upload.upload(add, [upload, tongue], [upload, outcome, table], api_visibility="private")
        return {
            upload: lambda tag: gr.File(label=_TEXTS["add"][tag]),
            table: lambda tag: gr.HTML(_table_html(archive, tag)),
        }

    return build


def keep(upload: Path, folder: Path) -> Path:
    """Copy an uploaded file to its permanent place; returns the new path."""
    # Keyed by content: another file of the same name is another article.
    kept = folder / hashlib.sha256(upload.read_bytes()).hexdigest()[:16] / _file_name(upload)
    with on_disk(folder.parent):
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(upload, kept)
    return kept


def _file_name(upload: Path) -> str:
    return re.sub(r"[^\w.\- ]", "_", upload.name).lstrip(".") or "article.txt"


def _outcome_html(results: Sequence[Result], language: Language) -> str:
    rows = (
        f"<li>{escape(r.source.name)}: {_TEXTS[r.outcome][language]}{' – ' + escape(r.reason) if r.reason else ''}</li>"
        for r in results
    )
    return f"<ul>{''.join(rows)}</ul>"


def _table_html(archive: Archive, language: Language) -> str:
    head = "".join(f"<th>{_TEXTS[key][language]}</th>" for key in ("date", "publisher", "language", "title"))
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(str(cell or '–'))}</td>" for cell in (a.published, a.publisher, a.language, a.title)
        )
        + "</tr>"
        for a in archive.store.articles()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
