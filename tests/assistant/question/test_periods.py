from datetime import date

import pytest

from assistant.core.records import Filters
from assistant.core.text import detect_language
from assistant.question.periods import within

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("지난달 발표된 AI 예산은?", date(2026, 10, 1), None),
        ("어제 나온 AI 규제 소식은?", date(2026, 11, 22), None),
        ("지난주 발표된 투자액은?", date(2026, 11, 16), None),
        ("2025년 11월 기사에서 점유율은?", date(2025, 11, 1), date(2025, 11, 30)),
        ("최근 3개월 기사에 나온 과태료는?", date(2026, 8, 23), None),
        ("Tháng trước chính phủ công bố ngân sách bao nhiêu?", date(2026, 10, 1), None),
        ("Tin tháng 11 nói gì về thị phần?", date(2026, 11, 1), date(2026, 11, 30)),
        ("Bài báo tháng 12 nói gì về AI?", date(2025, 12, 1), date(2025, 12, 31)),
        ("Các bài viết trong 2 tuần qua nói gì về AI?", date(2026, 11, 9), None),
        ("What did the government announce this week?", date(2026, 11, 23), None),
        ("What do articles from February 2024 say about fines?", date(2024, 2, 1), date(2024, 2, 29)),
        ("What does November's news say about fines?", date(2026, 11, 1), date(2026, 11, 30)),
        ("News of the past 6 months about chips?", date(2026, 5, 23), None),
    ],
)
def test_time_words_restrict_the_days_of_publication(question: str, since: date, until: date | None) -> None:
    found = within(Filters(), question, detect_language(question), TODAY)
    assert (found.since, found.until) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "지난 1년간 중국산 모델의 점유율은?",
        "2025년 4월에 공개된 모델은?",
        "2026년 1월 시행되는 법은?",
        "Luật có hiệu lực từ tháng 1 năm 2026 phải không?",
        "Which act takes effect in January 2026?",
        "What is today's share?",
        "작년 매출은?",
    ],
)
def test_when_something_happened_does_not_tell_when_it_was_reported(question: str) -> None:
    assert within(Filters(), question, detect_language(question), TODAY) == Filters()


def test_days_that_a_person_has_set_are_kept() -> None:
    mine = Filters(since=date(2020, 1, 1))
    assert within(mine, "지난달 예산은?", detect_language("지난달 예산은?"), TODAY) == mine


def test_a_month_before_one_of_fewer_days_begins_on_its_last_day() -> None:
    question = "News of the past 1 months about chips?"
    assert within(Filters(), question, detect_language(question), date(2026, 3, 31)).since == date(
        2026, 2, 28
    )
