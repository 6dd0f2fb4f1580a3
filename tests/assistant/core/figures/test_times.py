import pytest

from assistant.core.figures.line import Line
from assistant.core.figures.times import time_at
from assistant.core.languages import Language

KO, VI, EN = Language.KO, Language.VI, Language.EN


@pytest.mark.parametrize(
    ("text", "language", "edtf"),
    [
        ("오후 4시 30분", KO, "T16:30"),
        ("네시 반", KO, "T04:30"),
        ("오후 3:30", KO, "T15:30"),
        ("오전 9시", KO, "T09:00"),
        ("18시 45분 10초", KO, "T18:45:10"),
        ("오전 12시", KO, "T00:00"),
        ("밤 12시", KO, "T00:00"),
        ("밤 10시", KO, "T22:00"),
        ("정오", KO, "T12:00"),
        ("자정", KO, "T00:00"),
        ("8h30", VI, "T08:30"),
        ("lúc 3 giờ", VI, "T03:00"),
        ("2 giờ 15 phút", VI, "T02:15"),
        ("mười một giờ kém năm", VI, "T10:55"),
        ("3 giờ chiều", VI, "T15:00"),
        ("7 giờ rưỡi", VI, "T07:30"),
        ("12 giờ đêm", VI, "T00:00"),
        ("12 giờ trưa", VI, "T12:00"),
        ("1 giờ trưa", VI, "T13:00"),
        ("nửa đêm", VI, "T00:00"),
        ("5:30 pm", EN, "T17:30"),
        ("9 a.m.", EN, "T09:00"),
        ("12 am", EN, "T00:00"),
        ("12 pm", EN, "T12:00"),
        ("18:45:10", EN, "T18:45:10"),
        ("noon", EN, "T12:00"),
        ("midnight", EN, "T00:00"),
    ],
)
def test_a_time_of_day_is_read_to_its_end(text: str, language: Language, edtf: str) -> None:
    found = time_at(Line.of(text, language), 0)
    assert found is not None
    assert (found.edtf, found.end) == (edtf, len(text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3시장", KO),
        ("2.0 시대", KO),
        ("25시", KO),
        ("3 giờ", VI),
        ("99 giờ 15 phút", VI),
        ("3 hours", EN),
        ("12:75", EN),
        ("noonday", EN),
    ],
)
def test_what_is_no_hour_or_only_a_number_of_hours_is_no_time(text: str, language: Language) -> None:
    assert time_at(Line.of(text, language), 0) is None
