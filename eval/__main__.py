"""``python -m eval run|score|report|compare|judge|peers|gate|bench|cases|calibrate|ceiling|realistic|fit``: the evaluation."""

import argparse
import sys
from collections.abc import Sequence

from assistant.core.command import run_command
from eval.commands import bench, easy, fitting, proposals, realistic


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Answer the evaluation cases and score the answers."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    easy.add_commands(commands)
    bench.add_command(commands)
    proposals.add_command(commands)
    realistic.add_commands(commands)
    fitting.add_commands(commands)
    return run_command(parser, argv)


if __name__ == "__main__":
    sys.exit(main())
