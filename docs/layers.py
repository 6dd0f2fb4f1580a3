"""Draws which folder imports from which: python docs/layers.py > docs/layers.md."""

import sys
from collections.abc import Iterator
from pathlib import Path

from grimp import ImportGraph, build_graph

LAYERS = (
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
"""From the lowest to the highest: a file imports from its own layer and those below, entry points apart."""


def layer_of(name: str) -> str:
    """The longest package that a module lies in."""
    return max((layer for layer in LAYERS if f"{name}.".startswith(f"{layer}.")), key=len)


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
    edges: dict[str, set[str]] = {layer: set() for layer in LAYERS}
    for name in own:
        if not name.endswith("__main__"):
            layer = layer_of(name)
            below = {layer_of(other) for other in graph.find_modules_directly_imported_by(name) & own}
            edges[layer] |= below - {layer, "assistant"}
    yield "# Which folder imports from which"
    yield ""
    yield "Written by `python docs/layers.py`; `tests/test_layers.py` holds the code to it."
    yield ""
    yield "```mermaid"
    yield "flowchart TD"
    for layer in reversed(LAYERS):
        yield from (
            f"    {layer} --> {below}" for below in sorted(edges[layer], key=LAYERS.index, reverse=True)
        )
    yield "```"


if __name__ == "__main__":
    print("\n".join(lines()))
