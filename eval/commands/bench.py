"""``python -m eval bench``."""

import argparse
from pathlib import Path
from typing import Any

from assistant.core.embedding import Embedder
from assistant.core.settings import Settings
from assistant.retrieval.rerank import open_reranker
from eval.bench import figure_reading, ingest_speed, public_retrieval, speed, verification
from eval.commands.arguments import add_articles, add_cases, positive_number, public_sets, with_model
from eval.dataset.cases import load_cases
from ingest.samples import FOLDER as SAMPLES


def add_command(commands: Any) -> None:
    """Add the command to the subparsers of ``python -m eval``."""
    command = commands.add_parser(
        "bench", help="benchmark a component: speed, verifier; ingest, figures and retrieval on public sets"
    )
    add_cases(command)
    add_articles(command)
    command.add_argument(
        "part", nargs="?", default="speed", choices=["speed", "ingest", "figures", "retrieval", "verifier"]
    )
    command.add_argument("--data", type=Path, help="folder of the public test sets")
    command.add_argument(
        "--passages",
        type=positive_number,
        nargs="+",
        default=[],
        metavar="N",
        help="measure speed on archives padded to so many passages, beside other indexes",
    )
    command.add_argument("--plot", type=Path, metavar="FILE", help="an SVG of retrieval's cost by passages")
    command.add_argument(
        "--texts", type=positive_number, metavar="N", help="measure ingest on the first N texts only"
    )
    command.set_defaults(run=with_model(_bench))


def _bench(settings: Settings, args: argparse.Namespace) -> int:
    match args.part:
        case "figures":
            folders = dict.fromkeys((SAMPLES, args.articles))
            lines = figure_reading.lines(
                public_sets(args), list(folders), settings.data_dir / "figure-misses.tsv"
            )
        case "ingest":
            lines = ingest_speed.lines(
                settings, load_cases(args.cases, args.split), public_sets(args), args.texts
            )
        case "retrieval":
            embedder = public_retrieval.CachedVectors(Embedder(settings.embedder, settings.weights_dir))
            lines = public_retrieval.lines(public_sets(args), embedder, open_reranker(settings))
        case "verifier":
            lines = verification.lines(settings, load_cases(args.cases, args.split), args.articles)
        case _:
            lines = speed.lines(settings, load_cases(args.cases, args.split), args.passages, args.plot)
    for line in lines:
        print(line, flush=True)
    return 0
