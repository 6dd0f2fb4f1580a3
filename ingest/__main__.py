"""``python -m ingest add|watch|status|list|show|remove|undo|reconcile|rebuild``: the ingestion commands."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.core.archive import Archive, Drift, open_store
from assistant.core.command import run_command
from assistant.core.errors import IndexLocked, IndexUnavailable, SettingsError
from assistant.core.index import chat_url, open_index
from assistant.core.languages import Language
from assistant.core.rebuilding import REPLACED
from assistant.core.records import Filters
from assistant.core.settings import Settings
from ingest import reports
from ingest.fetch import Fetcher
from ingest.ingester import Ingester, IngestOutcome, Result
from ingest.samples import FOLDER as SAMPLES
from ingest.sources import MAX_BYTES, find_sources
from ingest.watch import load_watched, watch
from ingest.worker import SharedWorker, Worker

_BATCH = 200
"""Articles of a list that are read at once."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run_command(_parser(), argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Add articles to the archive and maintain it."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add = commands.add_parser(
        "add", help="ingest files, folders and addresses; what is already there is left alone"
    )
    add.add_argument(
        "paths",
        nargs="*",
        metavar="SOURCE",
        help="files (text, Markdown, HTML, PDF, Word, mail), folders, web addresses, feeds, sitemaps, or - for standard input",
    )
    add.add_argument(
        "--samples", action="store_true", help="also the sample articles that come with the program"
    )
    add.add_argument(
        "--workers",
        type=_positive,
        default=1,
        metavar="N",
        help="processes that extract articles; default: 1",
    )
    add.add_argument("--json", action="store_true", help="print the summary as a JSON object")
    add.set_defaults(run=_add)
    _add_reports(commands)
    undo = commands.add_parser("undo", help="bring back the articles that the last remove took away")
    undo.set_defaults(run=_undo)
    rebuild = commands.add_parser(
        "rebuild", help="recompute passages and vectors, after a change of embedder or settings"
    )
    rebuild.add_argument(
        "--undo",
        action="store_true",
        help="go back to what the last rebuild replaced; change the settings back before",
    )
    rebuild.set_defaults(run=_rebuild)
    reconcile = commands.add_parser("reconcile", help="compare the index with the stored articles")
    reconcile.add_argument("--repair", action="store_true", help="make them agree")
    reconcile.set_defaults(run=_reconcile)
    watching = commands.add_parser("watch", help="follow the feeds, pages and folders that a file lists")
    watching.add_argument(
        "file", nargs="?", type=Path, default=Path("sources.toml"), metavar="FILE", help="sources.toml"
    )
    watching.set_defaults(run=_watch)
    remove = commands.add_parser("remove", help="remove articles")
    remove.add_argument("ids", nargs="+", metavar="ID", help="article ids, as shown by list")
    remove.set_defaults(run=_remove)
    return parser


def _add_reports(commands: Any) -> None:
    listing = commands.add_parser(
        "list", help="list articles with their ids, and conversions in them that do not add up"
    )
    listing.add_argument(
        "words", nargs="*", metavar="WORD", help="only articles that have every one of these words"
    )
    listing.add_argument("--language", action="append", type=Language, choices=list(Language), default=[])
    listing.add_argument("--publisher", action="append", default=[], metavar="NAME")
    listing.add_argument(
        "--since", type=date.fromisoformat, metavar="DAY", help="such as 2025-11-27, inclusive"
    )
    listing.add_argument("--until", type=date.fromisoformat, metavar="DAY")
    show = commands.add_parser("show", help="show an article in full, with the others that tell its story")
    show.add_argument("id", metavar="ID", help="an article id, as shown by list")
    show.add_argument("--version", type=_positive, metavar="N", help="an earlier text of it")
    status = commands.add_parser(
        "status", help="show what the archive holds, what failed, and what is followed"
    )
    for parser, run in ((listing, _list), (show, _show), (status, _status)):
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(run=run)


def _positive(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1 is needed")
    return number


def _shared(settings: Settings) -> Archive:
    return Archive.open(settings, share_index=True)


def _add(settings: Settings, args: argparse.Namespace) -> int:
    paths = args.paths + ([str(SAMPLES)] if args.samples else [])
    if not paths:
        print("Name at least one file or folder, or --samples.", file=sys.stderr)
        return 2
    started = time.monotonic()
    store = open_store(settings)
    worker = SharedWorker(settings, store)
    with Fetcher(settings.ingest, MAX_BYTES) as fetcher:
        ingester = Ingester(store, worker.work, fetcher, workers=args.workers)
        sources = list(find_sources(paths, fetcher))
        results = list(
            tqdm(ingester.add(sources), total=len(sources), unit="article", disable=None, file=sys.stderr)
        )
    told, code = _finished(worker)
    left = 0 if told else store.counts()["pending"]
    worker.close()
    store.close()
    _report(results)
    counts = Counter(result.outcome for result in results)
    summary: dict[str, float] = {str(outcome): counts[outcome] for outcome in IngestOutcome}
    summary |= {"passages": sum(r.passages for r in results), "seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(summary) if args.json else ", ".join(f"{value} {key}" for key, value in summary.items()))
    if left:
        print(
            "Another process holds the index: a running chat shows the change within two seconds.",
            file=sys.stderr,
        )
    if told:
        print(told, file=sys.stderr)
    return code or (4 if counts[IngestOutcome.FAILED] else 0)


def _finished(worker: SharedWorker) -> tuple[str, int]:
    """What to say of the index once it was brought up to date, and the exit code; both empty if all is well."""
    try:
        drift = worker.finish()
    except IndexUnavailable as exc:
        return str(exc), exc.exit_code
    return (_repair(drift), 4) if drift else ("", 0)


def _repair(drift: Drift) -> str:
    return f"{drift}. Repair it with: python -m ingest reconcile --repair"


def _watch(settings: Settings, args: argparse.Namespace) -> int:
    watched = load_watched(args.file)
    if not watched:
        raise SettingsError(f"{args.file} lists no sources.")
    store = open_store(settings)
    worker = SharedWorker(settings, store)
    with Fetcher(settings.ingest, MAX_BYTES) as fetcher:
        for results in watch(store, Ingester(store, worker.work, fetcher), fetcher, watched):
            told, _ = _finished(worker)
            if told:
                print(told, file=sys.stderr)
            _report(results)
    return 0


def _report(results: Sequence[Result]) -> None:
    for result in results:
        if result.outcome is IngestOutcome.FAILED:
            print(f"{result.source.path or result.source.url}: {result.reason}", file=sys.stderr)
        elif result.outcome is not IngestOutcome.UNCHANGED and result.article:
            print(f"{result.outcome}: {result.article.title} ({result.source.name})", file=sys.stderr)


def _status(settings: Settings, args: argparse.Namespace) -> int:
    store = open_store(settings)
    row = reports.status(store) | {"chat": chat_url(settings.index_dir)}
    store.close()
    if args.json:
        print(json.dumps(row, ensure_ascii=False))
        return 0
    print("\n".join(reports.status_lines(row)))
    if row["chat"]:
        print(f"{'chat':10} {row['chat']}")
    return 0


def _list(settings: Settings, args: argparse.Namespace) -> int:
    store = open_store(settings)
    filters = Filters(tuple(args.language), tuple(args.publisher), args.since, args.until)
    contradictions = store.contradictions()
    ids = reports.found(store, args.words, filters)
    rows = [
        reports.article_row(article, contradictions.get(article.id, ()))
        for at in range(0, len(ids), _BATCH)
        for article in store.articles(ids[at : at + _BATCH])
    ]
    store.close()
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        print("".join(f"{line}\n" for row in rows for line in reports.list_lines(row)), end="")
    return 0


def _show(settings: Settings, args: argparse.Namespace) -> int:
    store = open_store(settings)
    latest = next(iter(store.articles([args.id])), None)
    article = store.version(args.id, args.version) if args.version else latest
    row = reports.shown(store, article) if article else None
    store.close()
    if row is None:
        which = f"No article has the id {args.id}" + (f" and a version {args.version}" if latest else "")
        print(f"{which}; see python -m ingest list", file=sys.stderr)
        return 4
    print(json.dumps(row, ensure_ascii=False) if args.json else "\n".join(reports.show_lines(row)))
    return 0


def _remove(settings: Settings, args: argparse.Namespace) -> int:
    archive = _shared(settings)
    known = archive.store.remove_all(args.ids)
    archive.synchronise()
    archive.close()
    print(f"{len(known)} removed" + ("; python -m ingest undo brings them back" if known else ""))
    unknown = [article_id for article_id in args.ids if article_id not in known]
    if unknown:
        print(f"No article has the id {', '.join(unknown)}; see python -m ingest list", file=sys.stderr)
    return 4 if unknown else 0


def _undo(settings: Settings, _args: argparse.Namespace) -> int:
    store = open_store(settings)
    n = store.queue_removed()
    worker = SharedWorker(settings, store)
    while store.counts()["waiting"]:
        worker.work()
    drift = worker.finish()
    worker.close()
    store.close()
    print(f"{n} brought back" if n else "Nothing was removed since the last undo.")
    if drift:
        print(_repair(drift), file=sys.stderr)
    return 4 if drift else 0


def _reconcile(settings: Settings, args: argparse.Namespace) -> int:
    archive = Archive.open(settings)
    archive.synchronise()
    drift = archive.reconcile() if args.repair else archive.drift()
    archive.close()
    print(f"{drift}{'; repaired' if drift and args.repair else ''}.")
    return 4 if drift and not args.repair else 0


def _rebuild(settings: Settings, args: argparse.Namespace) -> int:
    archive = Archive.open(settings, share_index=True, check=False)
    store, fingerprint = archive.store, archive.fingerprint
    if args.undo:
        if (replaced := store.setting(REPLACED)) is None:
            raise SettingsError("There is no rebuild to undo.")
        fingerprint.require(replaced, "What the last rebuild replaced")
    if not _is_only_unpublished(settings, archive):
        worker = Worker(store, archive.embedder)
        n = store.counts()["articles"]
        with tqdm(total=n, unit="article", disable=None, file=sys.stderr) as progress:
            n = store.rebuild(fingerprint, lambda article: worker.embed([article])[0], progress.update)
        print(f"{n} articles rebuilt")
    try:
        archive.index = open_index(settings, fingerprint, check=False)
    except IndexLocked as exc:
        print(f"The index is filled when this process has ended: {exc}")
    else:
        archive.reconcile()
        archive.index.publish()
    print("A chat that has been running since before still has the old embedder: start it again.")
    archive.close()
    return 0


def _is_only_unpublished(settings: Settings, archive: Archive) -> bool:
    """Whether a rebuild was cut short between the database and a server's index."""
    if not settings.index.url or archive.store.setting("fingerprint") != archive.fingerprint.to_json():
        return False
    try:
        open_index(settings, archive.fingerprint).close()
    except SettingsError:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
