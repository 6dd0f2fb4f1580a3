"""``python -m eval cases``."""

import argparse
from pathlib import Path
from typing import Any

from assistant.core.archive import open_store
from assistant.core.settings import Settings
from eval.dataset.proposals import drafts, from_feedback


def add_command(commands: Any) -> None:
    """Add the command to the subparsers of ``python -m eval``."""
    parts = commands.add_parser("cases", help="propose cases").add_subparsers(
        required=True, metavar="draft|from-feedback"
    )
    draft = parts.add_parser(
        "draft", help="print a draft case for each figure in the articles, for a person to edit"
    )
    draft.add_argument("files", nargs="+", type=Path, metavar="ARTICLE")
    draft.set_defaults(run=_draft)
    feedback = parts.add_parser(
        "from-feedback", help="print a draft case for each answer that a reader has judged"
    )
    feedback.set_defaults(run=_feedback)


def _draft(_settings: Settings, args: argparse.Namespace) -> int:
    for line in drafts(args.files):
        print(line)
    return 0


def _feedback(settings: Settings, _args: argparse.Namespace) -> int:
    store = open_store(settings)
    for line in from_feedback(store.conversations.judged()):
        print(line)
    store.close()
    return 0
