import re

import pytest

from assistant.core.languages import Language
from assistant.core.records import (
    Answer,
    AnswerFigure,
    Citation,
    NearestArticle,
    Period,
    Relation,
    Sentence,
    SentenceOutcome,
    Status,
    StoryMember,
)
from assistant.page.markup import Exchange, context_of, conversation_html, sources_html
from assistant.page.texts import TEXTS

TEXT = "앞 문장이다. 점유율은 17%다. 뒤 문장이다."
QUOTE = "점유율은 17%다."
START = TEXT.index(QUOTE)
CITATION = Citation(
    1,
    "a",
    "제목",
    "신문",
    "2025-11-27",
    "ko",
    "file:///x/a.md",
    QUOTE,
    START,
    START + len(QUOTE),
    "a",
    2,
    others=(
        StoryMember("b", "Tiêu đề", "Báo", "vi", Relation.TRANSLATION, "https://bao.example/b"),
        StoryMember("c", "<b>", "", "ko", Relation.COPY, "file:///x/c.md"),
    ),
)


def _exchange(question: str = "점유율은?") -> Exchange:
    answer = Answer(
        question,
        Language.KO,
        Status.ANSWERED,
        figure=AnswerFigure("17%", "17%", 1, 0.9),
        sentences=(Sentence(QUOTE, (1,), SentenceOutcome.QUOTED),),
        citations=(CITATION,),
        done=True,
    )
    return Exchange(question, answer, (context_of(TEXT, CITATION),))


def test_a_citation_stands_marked_between_the_words_around_it() -> None:
    assert context_of(TEXT, CITATION) == ("앞 문장이다. ", " 뒤 문장이다.")
    assert f"<p>앞 문장이다. <mark>{QUOTE}</mark> 뒤 문장이다.</p>" in sources_html(
        [_exchange()], Language.EN
    )


def test_every_link_of_an_answer_leads_to_its_source() -> None:
    exchanges = [_exchange(), _exchange("또?")]
    links = set(re.findall('href="#([^"]+)"', conversation_html(exchanges, Language.KO)))
    sources = re.findall('id="([^"]+)"', sources_html(exchanges, Language.KO))
    assert len(links) == len(sources) == 2
    assert links == set(sources)
    assert sources[0].startswith("source-1-")  # the latest answer's first


def test_a_source_names_its_article_and_how_many_more_tell_the_story() -> None:
    html = sources_html([_exchange()], Language.VI)
    assert "[1] 제목" in html
    assert "신문 · 2025-11-27 · a.md" in html
    assert f"{TEXTS['also_in'][Language.VI]}: 2" in html
    assert '<a href="https://bao.example/b" target="_blank">Tiêu đề</a>' in html
    assert f"(Báo · {TEXTS['translation'][Language.VI]})" in html
    assert '<a href="/api/articles/c" target="_blank">&lt;b&gt;</a>' in html


@pytest.mark.parametrize("language", list(Language))
def test_what_is_not_there_yet_or_failed_is_said_in_the_pages_language(language: Language) -> None:
    assert TEXTS["searching"][language] in conversation_html([Exchange("?")], language)
    failed = conversation_html([Exchange("?", error="<b>")], language)
    assert f"{TEXTS['failed'][language]}: &lt;b&gt;" in failed
    assert TEXTS["sources_hint"][language] in sources_html([], language)


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
    html = conversation_html([Exchange("?", answer)], language)
    assert f"{TEXTS['nearest'][language]}<ul><li>제목 (–)</li></ul>" in html
    assert f"{TEXTS['period'][language]}: 2026-01-01 – <" in html
    assert TEXTS["writing"][language] not in html
