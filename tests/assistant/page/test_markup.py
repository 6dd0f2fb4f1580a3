import re
from dataclasses import replace
from datetime import date

import pytest

from assistant.core.languages import Language
from assistant.core.records import (
    Agreement,
    Answer,
    AnswerFigure,
    Article,
    CheckedFigure,
    Citation,
    Disagreement,
    Dropped,
    FigureClaim,
    NearestArticle,
    Period,
    Progress,
    Relation,
    Sentence,
    SentenceOutcome,
    Stage,
    Status,
    StoryMember,
)
from assistant.page.exchange import Exchange
from assistant.page.markup import answer_html, answer_markdown, article_html, web_address
from assistant.page.texts import TEXTS

HOSTILE = "<img src=x onerror=alert(1)>${alert(2)} **굵게** ![x](http://evil.example/x.png)"
TEXT = "앞 문장이다. 점유율은 17%다. 뒤 문장이다."
QUOTE = "점유율은 17%다."
START = TEXT.index(QUOTE)
ARTICLE = Article(
    "a",
    "https://news.example/a",
    "제목",
    TEXT,
    Language.KO,
    date(2025, 11, 27),
    "신문",
    story_id="a",
    version=2,
)
MEMBERS = (
    StoryMember("b", "Tiêu đề", "Báo", "vi", Relation.TRANSLATION, "https://bao.example/b"),
    StoryMember("c", "<b>", "", "ko", Relation.COPY, "file:///x/c.md"),
)
CITATION = Citation(
    1, "a", "제목", "신문", "2025-11-27", "ko", ARTICLE.url, QUOTE, START, START + len(QUOTE), "a", version=2
)
ANSWER = Answer(
    "점유율은?",
    Language.KO,
    Status.ANSWERED,
    figure=AnswerFigure("17%", "17%", 1, 0.9),
    text="점유율은 17 퍼센트입니다. [1]",
    sentences=(
        Sentence(
            "점유율은 17 퍼센트입니다.",
            (1,),
            SentenceOutcome.VERIFIED,
            (CheckedFigure("17 퍼센트", "percent", "17", None, None, "percent", Agreement(1, "17%")),),
        ),
    ),
    citations=(CITATION,),
    done=True,
)


def _html(answer: Answer | None = ANSWER, language: Language = Language.KO, **exchange: object) -> str:
    return str(answer_html(Exchange("점유율은?", answer, **exchange), language))  # type: ignore[arg-type]


def test_a_citation_leads_to_its_words_in_the_version_that_it_names() -> None:
    addresses = set(re.findall('class="news-n" href="([^"]+)"', _html()))
    assert addresses == {
        f"/articles/a?ui=ko&amp;version=2&amp;start={START}&amp;end={START + len(QUOTE)}#quote"
    }


def test_a_checked_figure_shows_how_its_source_writes_it() -> None:
    said = TEXTS["in_source"][Language.VI].format(text="17%")
    assert f'<span class="news-checked" title="{said}">17 퍼센트</span>입니다.' in _html(language=Language.VI)


def test_an_article_is_shown_whole_with_the_quoted_words_marked() -> None:
    html = article_html(ARTICLE, MEMBERS, Language.KO, span=(START, START + len(QUOTE)))
    assert f'<bdi>앞 문장이다. <mark id="quote">{QUOTE}</mark> 뒤 문장이다.</bdi>' in html
    assert '<a href="https://news.example/a" target="_blank" rel="noopener noreferrer">' in html


def test_an_article_names_the_others_that_tell_its_story() -> None:
    html = article_html(ARTICLE, MEMBERS, Language.VI)
    assert f"{TEXTS['also_in'][Language.VI]}: 2" in html
    assert 'href="/articles/b?ui=vi"><bdi>Tiêu đề</bdi>' in html
    assert f"<bdi>Báo</bdi> · {TEXTS['translation'][Language.VI]}" in html
    assert "<bdi>&lt;b&gt;</bdi>" in html


def test_an_article_without_a_title_is_named_by_its_day_and_one_that_changed_says_so() -> None:
    html = article_html(replace(ARTICLE, title=""), (), Language.EN, is_latest=False)
    assert "An article of Nov 27, 2025" in html
    assert TEXTS["earlier_version"][Language.EN].format(n=2) in html


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//evil.example"]
)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    assert web_address(url) == ""
    assert url not in article_html(replace(ARTICLE, url=url), (), Language.EN)


@pytest.mark.parametrize("language", list(Language))
def test_what_is_being_done_is_said_in_the_pages_language(language: Language) -> None:
    assert TEXTS["searching"][language] in _html(None, language)
    for stage in Stage:
        now = ANSWER.with_changes(done=False, progress=Progress(stage, 7))
        assert TEXTS[stage][language].format(n=7) in _html(now, language)
    assert "news-progress" not in _html(language=language)


@pytest.mark.parametrize("language", list(Language))
def test_a_stopped_answer_and_a_failure_are_told_apart_from_a_refusal(language: Language) -> None:
    assert TEXTS["stopped"][language] in _html(language=language, was_stopped=True)
    assert TEXTS["stopped_early"][language] in _html(None, language, was_stopped=True)
    assert '<p class="news-error" lang="' + language in _html(None, language, error="속\n<b>")
    failed = ANSWER.with_changes(trace=("the language model failed: it ended",))
    assert TEXTS["model_failed"][language] in _html(failed, language)


@pytest.mark.parametrize("language", list(Language))
def test_a_refusal_names_the_nearest_articles_and_the_days_looked_at(language: Language) -> None:
    answer = Answer(
        "?",
        language,
        Status.NO_EVIDENCE,
        period=Period("2026-01-01", None),
        text="…",
        nearest=(NearestArticle("a", "제목", None),),
        done=True,
    )
    html = _html(answer, language)
    assert f'href="/articles/a?ui={language}">제목</a> ({TEXTS["undated"][language]})' in html
    assert TEXTS["period"][language] in html
    assert "2026" in html


def test_a_disagreement_is_a_table_of_who_says_what_when() -> None:
    other = replace(CITATION, n=2, article_id="b", publisher="일보", published="2025-12-01")
    conflict = Disagreement(
        "…", (FigureClaim("1조 원", 1, "1조 원"), FigureClaim("11,000억 원", 2, "1조 1000억 원"))
    )
    html = _html(ANSWER.with_changes(citations=(CITATION, other), disagreements=(conflict,)))
    rows = re.findall("<tr><td>(.*?)</tr>", html, re.DOTALL)
    assert [re.sub("<[^>]+>|\\s", "", row) for row in rows] == [
        "1조원1신문2025.11.27.1조원",
        "1조1000억원2일보2025.12.1.11,000억원",
    ]


def test_what_did_not_pass_the_check_can_be_looked_at_with_the_reason() -> None:
    html = _html(ANSWER.with_changes(dropped=(Dropped("점유율은 71%다.", "figure 71% in no cited span"),)))
    assert "<del>점유율은 71%다.</del>" in html
    assert TEXTS["dropped"][Language.KO].format(n=1) in html


def test_a_follow_up_says_how_it_was_understood() -> None:
    html = _html(ANSWER.with_changes(question="그럼 펀드는?", standalone="중국의 AI 펀드는?"), Language.VI)
    assert "Được hiểu là: 중국의 AI 펀드는?" in html


def test_everything_foreign_is_escaped() -> None:
    cited = replace(CITATION, title=HOSTILE, publisher=HOSTILE, quote=HOSTILE)
    conflict = Disagreement(HOSTILE, (FigureClaim(HOSTILE, 1, HOSTILE),))
    answer = ANSWER.with_changes(
        question=HOSTILE,
        standalone=HOSTILE + "?",
        sentences=(Sentence(HOSTILE, (1,), SentenceOutcome.QUOTED, translation=HOSTILE),),
        citations=(cited,),
        disagreements=(conflict,),
        dropped=(Dropped(HOSTILE, HOSTILE),),
    )
    article = replace(ARTICLE, title=HOSTILE, publisher=HOSTILE, text=HOSTILE)
    member = replace(MEMBERS[0], title=HOSTILE, publisher=HOSTILE)
    for html in (
        _html(answer),
        article_html(article, (member,), Language.EN, span=(0, 9)),
        _html(None, error=HOSTILE),
    ):
        assert "<img" not in html
        assert "&lt;img" in html


def test_an_answer_is_copied_with_the_words_and_addresses_of_its_sources() -> None:
    assert answer_markdown(Exchange("점유율은?", ANSWER), Language.EN) == (
        "## 점유율은?\n\n점유율은 17 퍼센트입니다. \\[1\\]\n\n"
        "1. **제목** (신문 · Nov 27, 2025) https://news.example/a\n   > 점유율은 17%다.\n"
    )
