"""The commands over the realistic cases: realistic, ceiling."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.answering.pipeline import Ask
from assistant.core.settings import Settings
from assistant.models.engines import model_name
from eval.bench import ceiling as ceilings
from eval.commands.arguments import RELEASE, add_every, with_model
from eval.dataset.cases import Split
from eval.dataset.realistic import BUILT_IN as REALISTIC
from eval.dataset.realistic import lines, load_realistic, mark, measures, save_rows
from eval.report.release import release
from eval.runs import open_pipeline, run_file, without_model


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m eval``."""
    ceiling = commands.add_parser(
        "ceiling", help="count what gets through from a model that is always right, and from one that lies"
    )
    ceiling.add_argument(
        "folder", nargs="?", type=Path, default=REALISTIC, help="folder of realistic cases with gold answers"
    )
    add_every(ceiling)
    ceiling.set_defaults(run=_ceiling)
    realistic = commands.add_parser(
        "realistic",
        help="answer realistic cases; print what is stated, shown and refused, worst language pair first",
    )
    realistic.add_argument(
        "folders",
        nargs="*",
        type=Path,
        default=[REALISTIC],
        help="folders with articles/ and *questions.jsonl",
    )
    realistic.add_argument("--split", type=Split, choices=list(Split), default=Split.HELD_OUT)
    add_every(realistic)
    realistic.add_argument("--release", action="store_true", help=RELEASE)
    realistic.set_defaults(run=with_model(_realistic))


def _ceiling(settings: Settings, args: argparse.Namespace) -> int:
    archive, _ = open_pipeline(without_model(settings), args.folder / "articles")
    print("\n".join(ceilings.lines(ceilings.ceiling(archive, settings, args.folder, args.every))))
    archive.close()
    return 0


def _realistic(settings: Settings, args: argparse.Namespace) -> int:
    measured: dict[str, Any] = {}
    for folder in args.folders:
        name = "built-in" if folder.resolve() == REALISTIC.resolve() else folder.name
        cases = load_realistic(folder, args.split)[:: args.every]
        archive, pipeline = open_pipeline(settings, folder / "articles")
        answers = (pipeline.invoke(Ask(case.q, case.turns)).to_json() for case in cases)
        found = list(tqdm(answers, total=len(cases), disable=None, file=sys.stderr))
        archive.close()
        save_rows(run_file(settings, f"realistic-{name}"), cases, found)
        marks = [mark(case, answer) for case, answer in zip(cases, found, strict=True)]
        print("\n".join(lines(marks, f"{folder}, {model_name(settings.llm)}")))
        measured[f"{name}, {model_name(settings.llm)}"] = {
            of: m and [m.value, m.low, m.high, m.n] for of, m in measures(marks).items()
        }
    if args.release:
        release("realistic", measured)
    return 0
