"""Imports point downwards only."""

import ast
import runpy
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_LAYERS = runpy.run_path(str(ROOT / "docs" / "layers.py"))
FLOORS, floor_of, imports, module_of = (
    _LAYERS[name] for name in ("FLOORS", "floor_of", "imports", "module_of")
)
_FILES: list[Path] = _LAYERS["files"]()


def _own(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] in {"assistant", "ingest", "eval", "tests"}}


@pytest.mark.parametrize("path", _FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_from_its_own_floor_and_below(path: Path) -> None:
    if path.name == "__main__.py":
        return  # entry points wire everything
    height = FLOORS.index(floor_of(module_of(path)))
    assert not {n for n in _own(path) if n.startswith("tests") or FLOORS.index(floor_of(n)) > height}


def test_no_files_import_each_other_in_a_circle() -> None:
    modules = {module_of(path): path for path in _FILES}
    found = {
        name: {other for other in _own(path) & modules.keys() if other != name}
        for name, path in modules.items()
    }
    in_order = list(TopologicalSorter(found).static_order())  # raises CycleError, which names the circle
    assert set(in_order) == modules.keys()


def test_only_the_page_imports_gradio() -> None:
    with_gradio = [p for p in _FILES if any(name.split(".")[0] == "gradio" for name in imports(p))]
    assert with_gradio
    assert {path.parent.name for path in with_gradio} == {"page"}


def test_the_picture_of_the_layers_is_up_to_date() -> None:
    assert (ROOT / "docs" / "layers.md").read_text(encoding="utf-8").splitlines() == list(_LAYERS["lines"]())


def test_entry_points_are_imported_by_nobody() -> None:
    assert not [path for path in _FILES if any("__main__" in name for name in _own(path))]


def test_no_file_uses_import_eval_which_hides_the_builtin() -> None:
    for path in _FILES:
        plain = [
            n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Import)
        ]
        assert not [alias for node in plain for alias in node.names if alias.name.split(".")[0] == "eval"]
