"""What is a courtesy and what a question."""

import pytest

from assistant.answering.courtesy import courtesy
from assistant.core.languages import Language


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("hello", "en"),
        ("Hi there!", "en"),
        ("Thank you so much :)", "en"),
        ("ok thanks", "en"),
        ("Good morning everyone", "en"),
        ("안녕하세요", "ko"),
        ("감사합니다!!", "ko"),
        ("정말 고마워요 ㅎㅎ", "ko"),
        ("네 알겠습니다", "ko"),
        ("수고하셨습니다", "ko"),
        ("Xin chào", "vi"),
        ("Chào buổi sáng", "vi"),
        ("cảm ơn bạn nhiều nhé", "vi"),
        ("cam on ban nhieu", "vi"),
        ("Tạm biệt, hẹn gặp lại", "vi"),
        ("???", "en"),
        ("👍", "en"),
        ("", "en"),
    ],
)
def test_courtesies_are_known_in_each_language(line: str, language: str) -> None:
    assert courtesy(line) is Language(language)


@pytest.mark.parametrize(
    "line",
    [
        "hi, how many GPUs?",
        "안녕하세요 AI 기본법은 언제 시행되나요?",
        "왜 부과됐어?",
        "Cảm ơn, còn Baidu thì sao?",
        "chào giá bao nhiêu?",
        "정말?",
        "all",
        "Good AI",
        "감사원 예산은?",
        "17%",
    ],
)
def test_a_line_that_asks_something_is_no_courtesy(line: str) -> None:
    assert courtesy(line) is None
