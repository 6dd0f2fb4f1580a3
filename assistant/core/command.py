"""Runs a command of an entry point: reads settings, prints errors as one message, sets exit codes."""

import argparse
import os
import sys
from collections.abc import Sequence

from assistant.core.errors import AssistantError
from assistant.core.logs import configure_logs
from assistant.core.settings import load_settings


def run_command(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> int:
    """Call the parsed arguments' ``run`` with the settings and arguments; returns the exit code."""
    args = parser.parse_args(argv)
    try:
        settings = load_settings()
        configure_logs(settings.log)
        code: int = args.run(settings, args)
    except AssistantError as exc:
        sys.stderr.write(f"{exc}\n")
        return exc.exit_code
    except BrokenPipeError:  # e.g. "… | head"; discard what Python still has to flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; completed work is kept.\n")
        return 0
    return code
