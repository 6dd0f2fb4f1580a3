"""Sentences that are no statements of the language, and those that are."""

import pytest

from assistant.core.languages import Language
from assistant.writing.presentable import why_not_presentable

KO, VI, EN = Language.KO, Language.VI, Language.EN
KNOWN = "Bộ trưởng Nguyễn Mạnh Hùng nói về Qwen3 và OpenAI tại Đà Nẵng. the open source Llama"


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        (KO, "데이터센터 전력 수요는 945 TWh로 전망됐나요.", "a question"),
        (KO, "과태료는 얼마인가요.", "a question"),
        (KO, "법은 언제 시행되는가.", "not a sentence"),
        (KO, "예산은 3조 원입니까.", "not a sentence"),
        (VI, "Mức phạt tối đa là bao nhiêu.", "a question"),
        (VI, "Luật có hiệu lực từ ngày nào.", "a question"),
        (VI, "Nguyên nhân của vụ việc là gì.", "a question"),
        (EN, "How much is the fine under the new law.", "a question"),
        (EN, "When did the law take effect in Korea.", "a question"),
        (KO, "정부는 tỷ lệ 기준을 17%로 정했다.", "not in the question's language: 'tỷ'"),
        (KO, "응우옌 Nguyễn Văn Trỗi 장관이 법을 발표했다.", "not in the question's language: 'Văn'"),
        (KO, "정부는 new 기준을 17%로 정했다고 밝혔다.", "not in the question's language: 'new'"),
        (KO, "정부는 基準을 17%로 정했다.", "not in the question's language: '基'"),
        (EN, "The ministry set the ngưỡng at 17% for all firms.", "not in the question's language: 'ngưỡng'"),
        (EN, "The ministry of 한국 set the threshold at 17%.", "not in the question's language: '한'"),
        (VI, "Bộ đã đặt ngưỡng 기준 là 17% cho mọi công ty.", "not in the question's language: '기'"),
        (VI, "Tỷ lệ đạt 17% phần trăm trong năm nay.", "said twice: '17% phần'"),
        (VI, "Doanh thu đạt 5 tỷ đồng đồng trong năm nay.", "said twice: '5 tỷ đồng đồng'"),
        (VI, "Mức phạt phạt tiền phạt tiền cao nhất là 5%.", "said twice: "),
        (KO, "전력 수요는 945 TWh 테라와트시로 전망됐다.", "said twice: '945 TWh 테라와트시로'"),
        (KO, "점유율은 17% 퍼센트였다고 밝혔다.", "said twice: '17% 퍼센트였다고'"),
        (KO, "정부는 정부는 기준을 17%로 정했다.", "said twice: '정부는 정부는'"),
        (EN, "The share reached 17% percent last year.", "said twice: '17% percent'"),
        (EN, "The the share reached 17% last year.", "said twice: "),
    ],
)
def test_what_is_no_statement_in_the_language_is_told_apart(language: Language, text: str, why: str) -> None:
    assert (why_not_presentable(text, language, KNOWN) or "").startswith(why)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (KO, "OpenAI와 Qwen3의 점유율은 17%였다."),
        (KO, "iPhone 출하량과 500kWh 전력이 늘었다."),
        (KO, "거리는 500km이고 폭은 3m였다."),
        (KO, "Nguyễn Mạnh Hùng 장관은 open source 모델을 언급했다."),
        (KO, "정부가 기준을 17%로 정했다고 한다."),
        (KO, "하루 일하는 시간이 9시간에서 6시간으로 줄었다."),
        (VI, "Tỷ lệ này đã tăng dần dần lên 17% và OpenAI đứng đầu."),
        (VI, "Không rõ luật có hiệu lực hay không."),
        (EN, "Minister Nguyễn Mạnh Hùng said that that law had had an effect."),
        (EN, "When the law takes effect, firms have to pay 3% of revenue."),
    ],
)
def test_statements_with_names_and_units_in_other_letters_may_be_shown(language: Language, text: str) -> None:
    assert why_not_presentable(text, language, KNOWN) is None
