"""Imports point downwards only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_MAY_IMPORT = {
    "assistant.core": {"assistant.core"},
    "ingest": {"ingest", "assistant.core"},
    "assistant": {"assistant"},
    "eval": {"eval", "assistant", "ingest"},
}
_FILES = sorted(path for package in ("assistant", "ingest", "eval") for path in (ROOT / package).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in {"assistant", "ingest", "eval", "prompts", "tests"}}


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("path", _FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_imports_only_from_its_own_layer_and_below(path: Path) -> None:
    if path.name == "__main__.py":
        return  # entry points wire everything
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    layer = next(package for package in _MAY_IMPORT if _within(module, package))
    wrong = {name for name in _imports(path) if not any(_within(name, allowed) for allowed in _MAY_IMPORT[layer])}
    assert not wrong


def test_entry_points_are_imported_by_nobody() -> None:
    assert not [path for path in _FILES if any("__main__" in name for name in _imports(path))]


def test_no_file_uses_import_eval_which_hides_the_builtin() -> None:
    for path in _FILES:
        plain = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Import)]
        assert not [alias for node in plain for alias in node.names if alias.name.split(".")[0] == "eval"]
