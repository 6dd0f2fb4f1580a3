"""The program's commands in processes of their own, without waiting for imports each time."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# One process that has everything imported makes a process of its own for each command: imports would take
# most of the time.
_COMMANDS = """
import json, os, signal, sys, time
import sentence_transformers
import assistant.__main__, ingest.__main__
for line in sys.stdin:
    kill_after_s, program, *words = json.loads(line)
    child = os.fork()
    if not child:
        sys.argv = [program + "/__main__.py"]
        out = os.open(os.environ["COMMAND_OUTPUT"], os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(out, 1), os.dup2(out, 2)
        code = sys.modules[program + ".__main__"].main(words)
        sys.stdout.flush()
        os._exit(code)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Commands:
    """Runs commands, one at a time."""

    process: subprocess.Popen[str]
    output: Path

    def run(self, program: str, *words: str, kill_after_s: float | None = None) -> tuple[int, str]:
        """Exit code, negative for a signal, and what the command printed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([kill_after_s, program, *words]) + "\n")
        self.process.stdin.flush()
        code = int(self.process.stdout.readline())
        return code, self.output.read_text() if self.output.exists() else ""


@contextmanager
def commands_with(settings: Mapping[str, str], output: Path) -> Iterator[Commands]:
    """Commands under settings in the environment; what the last one printed is in ``output``."""
    env = os.environ | settings | {"COMMAND_OUTPUT": str(output)}
    with subprocess.Popen(
        [sys.executable, "-c", _COMMANDS], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Commands(process, output)
        process.communicate()


@contextmanager
def chat_process(settings: Mapping[str, str], *words: str) -> Iterator[str]:
    """A chat under settings in the environment; yields its address."""
    env = os.environ | settings
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", *words], env=env, stderr=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stderr is not None
        try:
            yield next(line.split()[-1] for line in serving.stderr if line.startswith("The chat is at"))
        finally:
            serving.terminate()
            serving.stderr.read()
