import pytest

from assistant.core.figures import unit_of
from assistant.core.figures.line import Line
from assistant.core.figures.units import described_unit, unit_at
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "unit"),
    [
        ("억 원인가", KO, "KRW"),
        ("명이 참가했나", KO, "person"),
        ("tỷ đồng", VI, "VND"),
        ("ngôn ngữ", VI, "language"),
        ("million dollars", EN, "USD"),
        ("countries", EN, "country"),
        ("Nvidia H800 GPUs", EN, "gpu"),
    ],
)
def test_a_text_begins_with_a_unit_behind_its_scale_words(text: str, language: Language, unit: str) -> None:
    found = unit_of(text, language)
    assert found is not None
    assert found.name == unit


@pytest.mark.parametrize(("text", "language"), [("어디인가", KO), ("là gì", VI), ("is it", EN)])
def test_a_text_without_a_unit_has_none(text: str, language: Language) -> None:
    assert unit_of(text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "unit"),
    [
        ("3%p", KO, "percent_point"),
        ("3%포인트", KO, "percent_point"),
        ("3 điểm phần trăm", VI, "percent_point"),
        ("3 percentage points", EN, "percent_point"),
        ("3%", EN, "percent"),
        ("3-year", EN, "year"),
    ],
)
def test_the_longest_unit_behind_a_number_wins(text: str, language: Language, unit: str) -> None:
    found = unit_at(Line.of(text, language), 1)
    assert found is not None
    assert (found[0].name, found[1]) == (unit, len(text))


@pytest.mark.parametrize(
    ("text", "end", "language"),
    [
        ("80년대", 2, KO),
        ("3주차", 1, KO),
        ("3위안부", 1, KO),
        ("13 năm 2023", 2, VI),
        ("3 percentile", 1, EN),
    ],
)
def test_what_goes_on_into_another_word_is_no_unit(text: str, end: int, language: Language) -> None:
    assert unit_at(Line.of(text, language), end) is None


@pytest.mark.parametrize(
    ("text", "language", "end"),
    [("2048개 NVIDIA H800 GPU", KO, 5), ("2.048 Nvidia H800 GPU", VI, 5), ("2,048 Nvidia H800 GPUs", EN, 5)],
)
def test_what_is_counted_stands_behind_the_names_that_describe_it(
    text: str, language: Language, end: int
) -> None:
    found = described_unit(Line.of(text, language), end)
    assert found is not None
    assert found.name == "gpu"


def test_a_word_in_small_letters_describes_no_unit() -> None:
    assert described_unit(Line.of("2,048 of the GPUs", EN), 5) is None
