from datetime import date

import pytest

from assistant.core.figures import render_date
from assistant.core.figures.edtf import date_agrees, date_edtf, decade_edtf, ordinal
from assistant.core.languages import Language


@pytest.mark.parametrize(
    ("parts", "edtf"),
    [
        ((2025, 4, 30), "2025-04-30"),
        ((2025, 7, None), "2025-07"),
        ((2025, None, None), "2025"),
        ((None, 4, 30), "XXXX-04-30"),
        ((None, None, 26), "XXXX-XX-26"),
        ((None, None, None), None),
        ((2025, 13, 1), None),
        ((2025, 1, 32), None),
        ((25, 1, 1), None),
    ],
)
def test_the_parts_of_a_date_are_written_with_what_is_unknown(
    parts: tuple[int | None, int | None, int | None], edtf: str | None
) -> None:
    assert date_edtf(*parts) == edtf


@pytest.mark.parametrize(("year", "edtf"), [(1990, "199X"), (2020, "202X"), (90, "199X")])
def test_a_decade_of_two_digits_is_of_the_twentieth_century(year: int, edtf: str) -> None:
    assert decade_edtf(year) == edtf


@pytest.mark.parametrize(
    ("answer", "source", "published", "agree"),
    [
        ("2025-04", "2025-04-30", None, True),
        ("XXXX-04-30", "2025-04-30", None, True),
        ("2025-04-30", "2025-04", None, False),
        ("T18:45", "T18:45", None, True),
        ("T18:45", "T18:45:10", None, False),
        ("2025-33", "XXXX-33", date(2025, 5, 1), True),
        ("2025-41", "XXXX-41", date(2025, 3, 1), True),
        ("2025-36", "XXXX-36", date(2025, 3, 1), False),
    ],
)
def test_an_answers_date_states_no_more_than_the_source(
    answer: str, source: str, published: date | None, agree: bool
) -> None:
    assert date_agrees(answer, source, published) is agree


@pytest.mark.parametrize(
    ("edtf", "ko", "vi", "en"),
    [
        ("2025-04-30", "2025년 4월 30일", "ngày 30 tháng 4 năm 2025", "30 April 2025"),
        ("2025-07", "2025년 7월", "tháng 7 năm 2025", "July 2025"),
        ("XXXX-XX-26", "26일", "ngày 26", "the 26th"),
        ("199X", "1990년대", "thập niên 1990", "1990s"),
        ("2025-33", "2025년 1분기", "quý 1 năm 2025", "first quarter of 2025"),
        ("2026-40", "2026년 상반기", "nửa đầu năm 2026", "first half of 2026"),
        ("XXXX-41", "하반기", "nửa cuối năm", "second half of the year"),
        ("T18:45", "18시 45분", "18:45", "18:45"),
        ("T18:00", "18시", "18:00", "18:00"),
    ],
)
def test_a_date_is_written_as_the_language_writes_it(edtf: str, ko: str, vi: str, en: str) -> None:
    assert [render_date(edtf, language) for language in (Language.KO, Language.VI, Language.EN)] == [
        ko,
        vi,
        en,
    ]


def test_english_ordinals_have_their_own_endings() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]


@pytest.mark.parametrize("parts", [(2025, 2, 29), (None, 2, 30), (2025, 4, 31), (2025, 13, 1), (2025, 1, 32)])
def test_a_day_that_no_calendar_has_is_no_date(parts: tuple[int | None, int, int]) -> None:
    assert date_edtf(*parts) is None
