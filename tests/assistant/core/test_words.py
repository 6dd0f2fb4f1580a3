import unicodedata

import pytest

from assistant.core.languages import Language
from assistant.core.words import placed_terms, proper_names, terms

KO, VI, EN = Language.KO, Language.VI, Language.EN


def test_korean_is_cut_into_morphemes_without_particles() -> None:
    found = terms("정부는 예산을 늘렸다", KO)
    assert {"정부", "예산"} <= set(found)
    assert not {"는", "을", "정부는", "예산을"} & set(found)


def test_vietnamese_is_cut_into_syllables_and_their_pairs() -> None:
    assert sorted(terms("Thị phần tăng", VI)) == ["phần", "phần tăng", "thị", "thị phần", "tăng"]


def test_english_is_cut_into_words_in_lower_case() -> None:
    assert terms("Sales ROSE, again.", EN) == ["sales", "rose", "again"]


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [("tăng 15,8% lên", VI, "15,8%"), ("up 1,200.5 points", EN, "1,200.5"), ("GPU 119개", KO, "119")],
)
def test_a_number_is_one_term(text: str, language: Language, number: str) -> None:
    assert number in terms(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [("정부는 예산을 늘렸다", KO), ("Thị phần tăng", VI), ("The share rose", EN)],
)
def test_decomposed_text_has_the_same_terms_and_each_its_place(text: str, language: Language) -> None:
    assert terms(unicodedata.normalize("NFD", text), language) == terms(text, language)
    placed = dict(placed_terms(text, language))
    word = {KO: "예산", VI: "phần", EN: "share"}[language]
    assert placed[word] == text.index(word)


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("정부는 OpenAI와 협력한다", KO, ["OpenAI"]),
        ("Bộ trưởng gặp Foobar ở Huế.", VI, ["Foobar", "Huế"]),
        ("The minister met Foobar. Sales rose.", EN, ["Foobar"]),
        ("DeepSeek rose.", EN, ["DeepSeek"]),
        ("Nothing rose.", EN, []),
    ],
)
def test_a_capital_tells_a_name_but_at_the_start_of_a_sentence(
    text: str, language: Language, names: list[str]
) -> None:
    assert proper_names(text, language) == names
