"""Imports point downwards only."""

import runpy
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from grimp import ImportGraph

ROOT = Path(__file__).parents[1]
_LAYERS = runpy.run_path(str(ROOT / "docs" / "layers.py"))
LAYERS, layer_of = _LAYERS["LAYERS"], _LAYERS["layer_of"]
_GRAPH: ImportGraph = _LAYERS["import_graph"]()
_OWN: list[str] = _LAYERS["own_modules"](_GRAPH)
_IMPORTS = {name: _GRAPH.find_modules_directly_imported_by(name) for name in _OWN}


@pytest.mark.parametrize("name", [name for name in _OWN if not name.endswith("__main__")])
def test_a_file_imports_only_from_its_own_layer_and_below(name: str) -> None:
    height = LAYERS.index(layer_of(name))
    assert not {n for n in _IMPORTS[name] & set(_OWN) if LAYERS.index(layer_of(n)) > height}
    assert "tests" not in _IMPORTS[name]


def test_no_files_import_each_other_in_a_circle() -> None:
    found = {name: _IMPORTS[name] & set(_OWN) for name in _OWN}
    in_order = list(TopologicalSorter(found).static_order())  # raises CycleError, which names the circle
    assert set(in_order) == set(_OWN)


def test_only_the_page_imports_gradio() -> None:
    assert {layer_of(name) for name in _OWN if "gradio" in _IMPORTS[name]} == {"assistant.page"}


def test_the_picture_of_the_layers_is_up_to_date() -> None:
    assert (ROOT / "docs" / "layers.md").read_text(encoding="utf-8").splitlines() == list(_LAYERS["lines"]())


def test_entry_points_are_imported_by_nobody() -> None:
    assert not [name for name in _OWN if any("__main__" in other for other in _IMPORTS[name])]
