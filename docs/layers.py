"""Draws which folder imports from which: python docs/layers.py > docs/layers.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FLOORS = (
    "assistant.core",
    "ingest",
    "assistant.models",
    "assistant.question",
    "assistant.retrieval",
    "assistant.reading",
    "assistant.writing",
    "assistant.answering",
    "assistant",
    "eval",
    "assistant.page",
)
"""From the lowest to the highest: a file imports from its own floor and those below, entry points apart."""


def floor_of(name: str) -> str:
    """The longest package that a module lies in."""
    return max((floor for floor in FLOORS if f"{name}.".startswith(f"{floor}.")), key=len)


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """Everything that a file imports, dotted."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def files() -> list[Path]:
    """Every file of the packages."""
    return sorted(p for package in ("assistant", "ingest", "eval") for p in (ROOT / package).rglob("*.py"))


def lines() -> Iterator[str]:
    """The page, with a picture that GitHub and GitLab draw."""
    edges: dict[str, set[str]] = {floor: set() for floor in FLOORS}
    for path in files():
        if path.name != "__main__.py":
            floor = floor_of(module_of(path))
            found = {n for n in imports(path) if n.split(".")[0] in {"assistant", "ingest", "eval"}}
            edges[floor] |= {floor_of(name) for name in found} - {floor, "assistant"}
    yield "# Which folder imports from which"
    yield ""
    yield "Written by `python docs/layers.py`; `tests/test_layers.py` holds the code to it."
    yield ""
    yield "```mermaid"
    yield "flowchart TD"
    for floor in reversed(FLOORS):
        yield from (
            f"    {floor} --> {below}" for below in sorted(edges[floor], key=FLOORS.index, reverse=True)
        )
    yield "```"


if __name__ == "__main__":
    print("\n".join(lines()))
