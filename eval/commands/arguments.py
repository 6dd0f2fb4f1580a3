"""Arguments that several commands take."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from assistant.core.errors import SettingsError
from assistant.core.settings import Settings
from assistant.models.choice import choose_model
from eval.dataset.cases import BUILT_IN, Split
from ingest.samples import FOLDER as SAMPLES

RELEASE = "store the results with the program, for the page to show"
"""The help of ``--release``."""

Command: TypeAlias = Callable[[Settings, argparse.Namespace], int]


def with_model(command: Command) -> Command:
    """The command with a language model named in its settings; says on standard error which, unless they named it."""

    def run(settings: Settings, args: argparse.Namespace) -> int:
        choice = choose_model(settings)
        if choice.settings is not settings:
            print(f"Language model: {choice}", file=sys.stderr)
        return command(choice.settings, args)

    return run


def add_every(
    command: argparse.ArgumentParser, default: int = 1, text: str = "use only every Nth case"
) -> None:
    """Add ``--every N``."""
    command.add_argument("--every", type=positive_number, default=default, metavar="N", help=text)


def add_cases(command: argparse.ArgumentParser, *, is_split: bool = True) -> None:
    """Add ``--cases FILE`` and, on request, ``--split``."""
    command.add_argument("--cases", type=Path, default=BUILT_IN, help="JSON Lines file of cases")
    if is_split:
        command.add_argument(
            "--split", type=Split, choices=list(Split), help="use only this half of the cases"
        )


def add_articles(command: argparse.ArgumentParser) -> None:
    """Add ``--articles FOLDER``."""
    command.add_argument(
        "--articles", type=Path, default=SAMPLES, help="folder of the articles the cases are about"
    )


def positive_number(text: str) -> int:
    """Parse an integer of at least 1; argparse names this function in its message about anything else."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("it has to be 1 or more")
    return number


def public_sets(args: argparse.Namespace) -> Path:
    """The folder given by ``--data``.

    Raises:
        SettingsError: None was given.
    """
    if args.data is None:
        raise SettingsError(f"{args.part} needs the folder of the public test sets: --data DIR")
    folder: Path = args.data
    return folder
