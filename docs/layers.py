"""Draws which folder imports from which: python docs/layers.py > docs/layers.md."""

import sys
from collections.abc import Iterator
from pathlib import Path

from grimp import ImportGraph, build_graph

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


def import_graph() -> ImportGraph:
    """Every module of the packages, and what it imports; of libraries only the package."""
    root = str(Path(__file__).parents[1])
    sys.path.insert(0, root)
    try:
        return build_graph("assistant", "ingest", "eval", include_external_packages=True, cache_dir=None)
    finally:
        sys.path.remove(root)


def own_modules(graph: ImportGraph) -> list[str]:
    """The modules that are no library's."""
    return sorted(name for name in graph.modules if not graph.is_module_squashed(name))


def lines() -> Iterator[str]:
    """The page, with a picture that GitHub and GitLab draw."""
    graph = import_graph()
    own = set(own_modules(graph))
    edges: dict[str, set[str]] = {floor: set() for floor in FLOORS}
    for name in own:
        if not name.endswith("__main__"):
            floor = floor_of(name)
            below = {floor_of(other) for other in graph.find_modules_directly_imported_by(name) & own}
            edges[floor] |= below - {floor, "assistant"}
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
