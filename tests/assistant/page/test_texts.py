import pytest

from assistant.core.languages import Language, load_table
from assistant.core.text import detect_language
from assistant.page.texts import EXAMPLES, LANGUAGE_NAMES, preferred_language, texts


def test_the_page_has_every_text_in_every_language() -> None:
    for part in ("chat", "articles"):
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
