"""When two figures agree, and what an article says against itself."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.core.figures import agrees, contradictions, read_figures, render_figure
from assistant.core.languages import Language
from ingest.extract import read_article

KO, VI, EN = Language.KO, Language.VI, Language.EN
REAL_ARTICLES = Path(__file__).parents[5] / "shared" / "articles"


@pytest.mark.parametrize(
    ("answer", "language", "source"),
    [
        ("15,8%", VI, "15.8%"),
        ("398,1 tỷ nhân dân tệ", VI, "3981억 위안"),
        ("398.1 billion yuan", EN, "3981억 위안"),
        ("about 398 billion yuan", EN, "3981억 위안"),
        ("khoảng 400 tỷ nhân dân tệ", VI, "3981억 위안"),
        ("193조 원", KO, "약 193조 원"),
        ("hơn 600 người", VI, "600여 명"),
        ("over 600 people", EN, "600명 이상"),
        ("hàng tỷ USD", VI, "수십억 달러"),
        ("0.6B–235B parameters", EN, "6억~2350억 파라미터"),
        ("up to 235 billion parameters", EN, "6억~2350억 파라미터"),
        ("2,048 GPUs", EN, "2048개"),
        ("119", EN, "119개 언어"),
        ("980,000 users", EN, "98만 명"),
        ("bốn công ty", VI, "네 곳"),
        ("22 January 2026", EN, "2026년 1월 22일"),
        ("tháng 1 năm 2026", VI, "2026년 1월 22일"),
        ("mỗi tuần", VI, "매주"),
        ("twice", EN, "두 배"),
    ],
)
def test_figures_that_state_the_same_agree(answer: str, language: Language, source: str) -> None:
    (stated,), (given,) = read_figures(answer, language), read_figures(source, KO)
    assert agrees(stated, given).reason is None


@pytest.mark.parametrize(
    ("answer", "language", "source", "reason"),
    [
        ("15.7%", EN, "15.8%", "value differs: 15.7, 15.8"),
        ("398 billion yuan", EN, "3981억 위안", "value differs: 398000000000, 398100000000"),
        ("about 410 billion yuan", EN, "3981억 위안", "value differs: 410000000000, 398100000000"),
        ("398,1 tỷ won", VI, "3981억 위안", "currency differs: KRW, CNY"),
        ("1억 위안", KO, "1조 위안", "value differs: 100000000, 1000000000000"),
        ("3%p", KO, "3%", "kind differs: percent_point, percent"),
        ("119 countries", EN, "119개 언어", "unit differs: country, language"),
        ("2,048 people", EN, "2048개", "unit differs: person, item"),
        ("119 countries", EN, "119명", "unit differs: country, person"),
        ("4 languages", EN, "네 곳", "unit differs: language, place"),
        (
            "235 billion parameters",
            EN,
            "6억~2350억 파라미터",
            "range differs: 235 billion parameters, 6억~2350억 파라미터",
        ),
        ("over 600 people", EN, "600명", "range differs: over 600 people, 600명"),
        ("600 people", EN, "600명 이상", "range differs: 600 people, 600명 이상"),
        ("2 tỷ USD", VI, "수십억 달러", "precision differs: 2 tỷ USD, 수십억 달러"),
        ("21 January 2026", EN, "2026년 1월 22일", "date differs: 2026-01-21, 2026-01-22"),
        ("2026년 1월 22일", KO, "2026년 1월", "date differs: 2026-01-22, 2026-01"),
    ],
)
def test_figures_that_differ_say_why(answer: str, language: Language, source: str, reason: str) -> None:
    (stated,), (given,) = read_figures(answer, language), read_figures(source, KO)
    assert agrees(stated, given).reason == reason


@pytest.mark.parametrize(
    ("answer", "source", "published", "agree"),
    [
        ("26 November 2025", "26일", date(2025, 11, 27), True),
        ("26 October 2025", "26일", date(2025, 11, 27), False),
        ("30 April 2025", "4월 30일", date(2025, 5, 11), True),
        ("30 April 2024", "4월 30일", date(2025, 5, 11), False),
        ("December 2025", "12월", date(2025, 11, 27), True),
        ("December 2025", "12월", date(2025, 3, 27), False),
        ("30 April 2025", "4월 30일", None, False),
    ],
)
def test_parts_of_a_date_follow_from_the_articles_date(
    answer: str, source: str, published: date | None, agree: bool
) -> None:
    (stated,), (given,) = read_figures(answer, EN), read_figures(source, KO)
    assert bool(agrees(stated, given, published)) is agree


@pytest.mark.parametrize(
    ("days", "written", "agree"),
    [
        ("31 days", "31일만", True),
        ("31 days", "30일만", False),
        ("31 weeks", "31일만", False),
        ("31 days", "3월 31일", False),
    ],
)
def test_a_bare_korean_day_may_be_so_many_days(days: str, written: str, *, agree: bool) -> None:
    (stated,), (given,) = read_figures(days, EN), read_figures(written, KO)
    assert bool(agrees(stated, given)) is bool(agrees(given, stated)) is agree


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "text",
    [
        *(
            "3981억 위안",
            "15.8%",
            "278만 8천 GPU 시간",
            "6억~2350억 파라미터",
            "119개 언어",
            "2026년 1월 22일",
            "약 193조 원",
            "수십억 달러",
        ),
        *(
            "600여 명",
            "3천만 원 이하",
            "격주",
            "10배",
            "2위",
            "3대 1",
            "3분의 1",
            "오후 3시 30분",
            "2025년 1분기",
            "2분기",
            "2026년 상반기",
            "1990년대",
        ),
    ],
)
def test_a_figure_agrees_with_itself_in_another_language(text: str, language: Language) -> None:
    (figure,) = read_figures(text, KO)
    (back,) = read_figures(render_figure(figure, language), language)
    assert agrees(back, figure)


def test_figures_are_written_as_the_language_writes_them() -> None:
    (figure,) = read_figures("3981억 위안", KO)
    assert [render_figure(figure, tag) for tag in (KO, VI, EN)] == [
        "3981억 위안",
        "398,1 tỷ nhân dân tệ",
        "398.1 billion yuan",
    ]


def test_conversions_at_rates_a_tenth_apart_contradict_each_other() -> None:
    text = "1조 위안(약 193조 원), 3981억 위안(7조 6896억 원), 100억 달러(13조 원), 200억 달러(27조 원)"
    (found,) = contradictions(read_figures(text, KO))
    assert [pair[0].text for pair in (found.first, found.second)] == ["1조 위안", "3981억 위안"]
    assert [round(rate, 1) for rate in found.rates] == [Decimal(193), Decimal("19.3")]


@pytest.mark.articles
def test_two_conversions_of_the_real_articles_do_not_add_up() -> None:
    found = {}
    for path in REAL_ARTICLES.glob("0*.txt"):
        article = read_article(path)
        found[path.name[:3]] = [
            c.second[0].text for c in contradictions(read_figures(article.text, article.language))
        ]
    assert found == {"000": [], "003": [], "004": ["3981억 위안", "600억 위안"]}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("약 193조 원", ["약 193조 원", "khoảng 193 nghìn tỷ won", "about 193 trillion won"]),
        ("3천만 원 이하", ["3000만 원 이하", "tối đa 30 triệu won", "up to 30 million won"]),
        ("수십억 달러", ["수십억 달러", "hàng tỷ USD", "billions of US dollars"]),
        ("119개 언어", ["119개 언어", "119 ngôn ngữ", "119 languages"]),
        ("격주", ["2주마다", "2 tuần một lần", "every 2 weeks"]),
    ],
)
def test_qualifiers_are_written_in_words(text: str, written: list[str]) -> None:
    (figure,) = read_figures(text, KO)
    assert [render_figure(figure, tag) for tag in (KO, VI, EN)] == written
