"""``python -m assistant serve|ask|figures|user|backup|restore|doctor|setup|settings``: the program's commands."""

import argparse
import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from getpass import getpass
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from langchain_core.language_models.chat_models import BaseChatModel

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core import weights
from assistant.core.archive import Archive
from assistant.core.client import ask_chat, chat_health
from assistant.core.command import run_command
from assistant.core.embedding import Embedder
from assistant.core.errors import (
    AssistantError,
    IngestError,
    ModelUnavailable,
    ServiceError,
    SettingsError,
    WeightsError,
)
from assistant.core.figures import figure_json, read_figures
from assistant.core.index import chat_url, open_index
from assistant.core.languages import Language
from assistant.core.logs import LOG
from assistant.core.settings import Engine, Settings, settings_table
from assistant.core.text import detect_language
from assistant.models.choice import choose_model
from assistant.models.engines import model_name, open_model
from assistant.question.understand import understand
from assistant.reading.pool import NO_MODEL, calibration_of
from assistant.retrieval.rerank import open_reranker
from ingest.ingester import Ingester, IngestOutcome
from ingest.samples import FOLDER as SAMPLES
from ingest.sources import find_sources
from ingest.worker import Worker

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.core.records import Answer
    from assistant.metrics import Metrics

_FOLLOW_EVERY_S = 1.0
_GRACE_S = 3
"""Seconds that open pages get to finish when the chat is ended; each keeps a connection open."""

log = logging.getLogger(LOG)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run_command(_parser(), argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant", description="Ask about the stored articles.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="the chat page and its API")
    serve.add_argument("--samples", action="store_true", help="ingest the sample articles first, once")
    serve.set_defaults(run=_serve)
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print the whole answer record")
    ask.set_defaults(run=_ask)
    figures = commands.add_parser(
        "figures", help="one JSON line for each figure of the lines on standard input"
    )
    figures.add_argument(
        "--language", type=Language, choices=list(Language), help="of all lines; default: detected per line"
    )
    figures.set_defaults(run=_figures)
    user = commands.add_parser("user", help="add a user of the page, or change a password")
    user.add_argument("name")
    user.add_argument("--editor", action="store_true", help="may add and remove articles")
    user.set_defaults(run=_user)
    for name, run, help_ in (
        ("backup", _backup, "write everything that cannot be made again into one file"),
        ("restore", _restore, "read such a file into an empty archive"),
    ):
        command = commands.add_parser(name, help=help_)
        command.add_argument("file", type=Path, metavar="FILE.zip")
        command.set_defaults(run=run)
    commands.add_parser("doctor", help="what is configured, reachable and missing").set_defaults(run=_doctor)
    setup = commands.add_parser("setup", help="fetch the models' files")
    setup.add_argument("--engine", action="store_true", help="only print where the language model would run")
    setup.set_defaults(run=_setup)
    commands.add_parser("settings", help="every setting, its default and meaning").set_defaults(run=_settings)
    return parser


def _settings(_settings: Settings, _args: argparse.Namespace) -> int:
    print("\n".join(settings_table()))
    return 0


def _user(settings: Settings, args: argparse.Namespace) -> int:
    from assistant.access import Users

    is_typed = sys.stdin.isatty()
    password = getpass("Password: ") if is_typed else sys.stdin.readline().rstrip("\n")
    if is_typed and getpass("Again: ") != password:
        raise SettingsError("The two passwords differ; nothing was changed.")
    file = settings.users_file
    Users(file).add(args.name, password, is_editor=args.editor)
    print(f"{args.name} can log in as {'an editor' if args.editor else 'a reader'}; the page reads {file}")
    return 0


def _backup(settings: Settings, args: argparse.Namespace) -> int:
    from assistant.core.backup import backup

    print(f"{backup(settings, args.file)} articles, conversations, users and uploads are in {args.file}")
    return 0


def _restore(settings: Settings, args: argparse.Namespace) -> int:
    from assistant.core.backup import restore

    print(f"{restore(settings, args.file)} articles restored; the index is filled when the chat starts")
    return 0


def _model_or_none(settings: Settings) -> BaseChatModel | None:
    """The model; None, with a message on standard error, if it is unavailable: answers are then quotations."""
    try:
        return open_model(settings)
    except (ModelUnavailable, WeightsError) as exc:
        print(f"{exc}\nAnswers are quotations until then.", file=sys.stderr)
        return None


def _with_model(settings: Settings) -> Settings:
    """The settings with the language model named; says on standard error which, unless they named it."""
    try:
        choice = choose_model(settings)
    except ModelUnavailable as exc:
        print(f"{exc}\nAnswers are quotations until then.", file=sys.stderr)
        return settings.model_copy(update={"llm": settings.llm.model_copy(update={"engine": Engine.NONE})})
    if choice.settings is not settings:
        print(f"Language model: {choice}", file=sys.stderr)
    return choice.settings


def _ask(settings: Settings, args: argparse.Namespace) -> int:
    # A running chat holds the index and has the model loaded, so the question goes to it.
    url = "" if settings.index.url else chat_url(settings.index_dir)
    record = (ask_chat(url, args.question) if url else None) or _answer_here(settings, args.question)
    if args.json:
        print(json.dumps(record, ensure_ascii=False, indent=2))
        return 0
    print(record["text"])
    for n, citation in enumerate(record["citations"], 1):
        source = f"{citation['publisher']} {citation['published'] or ''} {citation['title']}"
        print(f"  [{n}] {source}\n      “{citation['quote']}”")
    for article in () if record["citations"] else record["nearest"]:
        print(f"  – {article['published'] or ''} {article['title']}")
    return 0


def _answer_here(settings: Settings, question: str) -> dict[str, Any]:
    settings = _with_model(settings)
    archive = Archive.open(settings)
    archive.synchronise()
    record = AnswerPipeline(archive, _model_or_none(settings), settings).invoke(Ask(question)).to_json()
    archive.close()
    return record


def _serve(settings: Settings, args: argparse.Namespace) -> int:
    import uvicorn

    from assistant.metrics import Metrics
    from assistant.requests import log_answer

    listening = _listen(settings)
    print("Loading …", file=sys.stderr)
    settings = _with_model(settings)
    archive = Archive.open(settings)
    worker = Worker(archive.store, archive.embedder, archive.questions.give_way)
    ingester = Ingester(archive.store, worker.work)
    if args.samples and not archive.store.has_samples():
        _add_samples(ingester)
        archive.store.note_samples()
    _agree(archive)
    metrics = Metrics()

    def observe(answer: "Answer") -> None:
        metrics.observe(answer)
        log_answer(answer)

    pipeline = AnswerPipeline(archive, _model_or_none(settings), settings, observe=observe)
    app = _application(pipeline, worker, archive, settings, metrics)
    threading.Thread(target=_follow, args=(archive, worker), daemon=True).start()
    # Loading the Korean morphemes and the name lists takes seconds: do it now, not at the first question
    understand("무엇?")
    url = _url(listening)
    print(f"The chat is at {url}", file=sys.stderr)
    archive.require_index().announce(url)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_GRACE_S)).run(
        sockets=[listening]
    )
    archive.close()
    return 0


def _listen(settings: Settings) -> socket.socket:
    """The page's listening socket; clients that connect before loading has finished wait."""
    host = settings.page.host
    try:
        return socket.create_server(
            (host, settings.page.port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as exc:
        raise ServiceError(
            f"Cannot listen on {settings.page.host}:{settings.page.port}: {exc.strerror}. "
            "Stop what is running there (another chat?) or set NEWS_PAGE__PORT."
        ) from exc


def _url(listening: socket.socket) -> str:
    """The URL at which this machine reaches the page."""
    host, port = listening.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _application(
    pipeline: AnswerPipeline, worker: Worker, archive: Archive, settings: Settings, metrics: "Metrics"
) -> "FastAPI":
    """Page and API on one port."""
    from assistant.access import Access
    from assistant.api import build_api

    # Gradio takes seconds to import, and no other command needs it
    from assistant.page import (
        build_page,
        mount_page,
    )
    from assistant.page.articles_tab import ArticlesTab
    from assistant.requests import log_requests

    access = Access(settings.page, settings.data_dir)
    panel = ArticlesTab(archive, worker, settings.ingest, settings.data_dir / "uploads")
    report = settings.data_dir / "runs" / "latest.json"
    page = build_page(pipeline, archive, access, panel, report=report, language=settings.page.language)
    return log_requests(mount_page(build_api(pipeline, archive, access, metrics), page, archive, access))


def _add_samples(ingester: Ingester) -> None:
    failed = [r for r in ingester.add(find_sources([str(SAMPLES)])) if r.outcome is IngestOutcome.FAILED]
    if failed:
        raise IngestError("\n".join(f"{result.source.path}: {result.reason}" for result in failed))


def _agree(archive: Archive) -> None:
    archive.synchronise()
    if archive.require_index().count() != archive.store.counts()["passages"]:
        drift = archive.reconcile()
        print(f"The index had drifted from the stored articles and is repaired: {drift}.", file=sys.stderr)


def _follow(archive: Archive, worker: Worker) -> None:
    """Embed and index what other processes add, without a restart; a repeated failure is logged once."""
    told, is_busy = "", False
    while True:
        if not is_busy:
            time.sleep(_FOLLOW_EVERY_S)
        is_busy = False
        try:
            is_busy = worker.work() > 0
            archive.synchronise()
            told = ""
        except AssistantError as exc:
            archive.note_error(str(exc))
            if str(exc) != told:
                told = str(exc)
                log.error("New articles could not be indexed, trying again: %s", told)
        except Exception:  # the thread must live as long as the page does
            log.exception("New articles could not be indexed; trying again")


def _figures(_settings: Settings, args: argparse.Namespace) -> int:
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    number = 0
    try:
        for number, text in enumerate(sys.stdin, 1):
            line = text.rstrip("\n")
            for figure in read_figures(line, args.language or detect_language(line)):
                print(json.dumps({"line": number, **figure_json(figure)}, ensure_ascii=False))
    except UnicodeDecodeError as exc:
        raise IngestError(
            f"Standard input is not UTF-8 after line {number}: {exc.reason}. Convert it: iconv -f CP949 -t UTF-8"
        ) from exc
    return 0


def _setup(settings: Settings, args: argparse.Namespace) -> int:
    if not settings.llm.engine.is_server:  # a server need not run yet
        settings = choose_model(settings).settings
    if args.engine:
        print(settings.llm.engine)
        return 0
    Embedder(settings.embedder, settings.weights_dir)
    if settings.llm.engine is Engine.EMBEDDED:
        weights.language_model_file(settings.llm.model, settings.weights_dir)
    return 0


def _doctor(settings: Settings, _args: argparse.Namespace) -> int:
    problems = 0
    for name, value, mend in _findings(settings):
        print(f"{'✓' if mend is None else '✗'} {name:16} {value}" + (f"\n  → {mend}" if mend else ""))
        problems += mend is not None
    return 3 if problems else 0


_Finding: TypeAlias = tuple[str, str, str | None]
"""Name, what was found and, if something is wrong, how to fix it."""


def _findings(settings: Settings) -> Iterator[_Finding]:
    yield "data", str(settings.data_dir.resolve()), None
    yield "weights", str(settings.weights_dir), None
    embedder = settings.embedder.model
    is_missing = embedder in weights.CATALOG and not weights.is_present(embedder, settings.weights_dir)
    if is_missing:
        yield "embedder", f"{embedder} is missing", "python -m assistant setup"
    else:
        yield _checked("embedder", embedder, lambda: _embedder_summary(settings))
    yield from _model_findings(settings)
    if model := settings.reranker.model:
        yield _checked("reranker", model, lambda: open_reranker(settings))
    if not is_missing:
        place = settings.index.url or str(settings.index_dir)
        yield _checked("archive", place, lambda: _archive_summary(settings))


def _model_findings(settings: Settings) -> Iterator[_Finding]:
    try:
        choice = choose_model(settings)
    except ModelUnavailable as exc:
        yield "language model", settings.llm.engine, str(exc)
        return
    chosen, name = choice.settings, model_name(choice.settings.llm)
    is_embedded = chosen.llm.engine is Engine.EMBEDDED
    if is_embedded and find_spec("llama_cpp") is None:
        yield "language model", f"{name}: llama.cpp is not installed", "make setup"
    elif is_embedded and not weights.is_present(chosen.llm.model, chosen.weights_dir):
        yield "language model", f"{name} is missing", "python -m assistant setup"
    else:
        yield _checked("language model", name, lambda: open_model(chosen))
    yield "chosen because", choice.why, None
    if choice.better:
        yield "a better one", choice.better, None
    named = NO_MODEL if chosen.llm.engine is Engine.NONE else name
    fitted = calibration_of(named, settings.data_dir).model
    borrowed = "" if fitted == named else f" (fitted for {fitted}; fit your own: python -m eval calibrate)"
    yield "calibration", f"{named}{borrowed}", None


def _checked(name: str, value: str, check: Callable[[], object]) -> _Finding:
    try:
        detail = check()
    except AssistantError as exc:
        return name, value, str(exc).replace("\n", "\n    ")
    return name, f"{value}{f' ({detail})' if isinstance(detail, str) else ''}", None


def _embedder_summary(settings: Settings) -> str:
    embedder = Embedder(settings.embedder, settings.weights_dir)
    return f"{embedder.identity.dimensions} dimensions, {embedder.precision}"


def _archive_summary(settings: Settings) -> str:
    archive = Archive.open(settings, share_index=True)
    counts = archive.store.counts()
    archive.close()
    found = f"{counts['articles']} articles, {counts['passages']} passages, {counts['pending']} pending"
    url = "" if settings.index.url else chat_url(settings.index_dir)
    if url and (health := chat_health(url)):
        if health["error"]:
            raise ServiceError(health["error"])
        return f"{found}, index held by the chat at {url}"
    open_index(settings, archive.fingerprint).close()
    return found


if __name__ == "__main__":
    sys.exit(main())
