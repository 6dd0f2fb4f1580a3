import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.core.languages import Language, load_table
from assistant.core.text import detect_language
from assistant.page.texts import EXAMPLES, LANGUAGE_NAMES, ingest_error, preferred_language, texts


def test_the_page_has_every_text_in_every_language() -> None:
    for part in ("chat", "articles", "measured", "reasons", "gradio"):
        keys = [set(load_table(language, "page")[part]) for language in Language]
        assert keys[0] == keys[1] == keys[2]
        assert all(all(by_language.values()) for by_language in texts(part).values())
    assert set(EXAMPLES) == set(LANGUAGE_NAMES) == set(Language)
    assert len({len(examples) for examples in EXAMPLES.values()}) == 1
    assert all(
        detect_language(question) is tag for tag, examples in EXAMPLES.items() for question in examples
    )


@pytest.mark.parametrize(
    ("header", "language"),
    [("vi-VN,vi;q=0.9,en;q=0.8", "vi"), ("ko", "ko"), ("fr-FR,ko;q=0.5", "ko"), ("fr", "en"), ("", "en")],
)
def test_the_interface_takes_the_browsers_language(header: str, language: str) -> None:
    assert preferred_language(header) == language


INGEST = Path(__file__).parents[3] / "ingest"


def _reasons() -> Iterator[str]:
    """What ``ingest`` may say of a source that it does not take up, with {} for what varies."""
    for file in INGEST.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                *("IngestError", "Gone", "Refused", "_refused", "Result"),
            ):
                yield from map(_words, [*node.args, *(k.value for k in node.keywords if k.arg == "reason")])
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason":
                yield _words(node.value)


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


@pytest.mark.parametrize("language", [Language.KO, Language.VI])
def test_every_reason_why_a_source_is_not_taken_up_is_said_in_every_language(language: Language) -> None:
    reasons = {reason for reason in _reasons() if reason}
    assert len(reasons) >= 35
    assert set(load_table(language, "ingest_errors")) == reasons
    for reason in reasons:
        said = ingest_error(reason.replace("{}", "x7"), language)
        assert said != reason.replace("{}", "x7")
        assert said.count("x7") == reason.count("{}")


def test_what_varies_in_a_reason_stays_as_it_is() -> None:
    reason = "example.org answers 503; try again later."
    assert ingest_error(reason, Language.VI) == "example.org trả lời mã 503; hãy thử lại sau."
    assert ingest_error(reason, Language.EN) == reason
    assert ingest_error("Something else.", Language.KO) == "Something else."
