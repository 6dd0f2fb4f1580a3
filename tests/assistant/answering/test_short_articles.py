"""Short articles as people paste them: what they are asked is answered with the figure that they state, and the words around it."""

import pytest

from assistant.answering.pipeline import AnswerPipeline, Ask
from assistant.core.archive import Archive
from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.index import EdgeIndex, Fingerprint
from assistant.core.languages import Language
from assistant.core.records import Answer, Relation
from assistant.core.settings import Settings
from ingest.ingester import Ingester
from ingest.sources import find_sources
from ingest.worker import Worker

ARTICLES = {
    "width": (
        "통영시 AI 양식장 생존율 상승\n한산신문 2026-11-13\n\n통영시 AI 양식장의 생존율은 ８７．５％로 올랐다. "
        "사업비는 １．５억 원이다.\n"
    ),
    "bus": (
        "창원시 AI 버스 시범 운행\n낙동신문 2026-11-14\n\n창원시 AI 버스를 가장 많이 탄 승객은 40대였다. "
        "시는 버스 12대를 투입했다. 1억만 더 있으면 노선을 늘릴 수 있다고 시는 말했다. 3분기 만에 흑자로 돌아섰다.\n"
    ),
    "port": (
        "목포시, AI 항만 관제에 94억 원 투입\n입력2026.11.08. 오전 8:15\n수정2026.11.08. 오후 2:40\n\n"
        "목포시가 AI 항만 관제 체계에 94억 원을 투입한다. 관제 인력은 17명이다.\n"
    ),
    "cang": (
        "Công nghệ\nThứ tư, 4/11/2026, 06:30 (GMT+7)\nQuảng Ngãi chi 211 tỷ đồng cho cảng thông minh\n"
        "Tỉnh Quảng Ngãi chi 211 tỷ đồng cho cảng thông minh dùng AI. Cảng sẽ có 48 cảm biến.\nMinh Hạ\n"
    ),
    "lab_ko": (
        "포항 AI 실증센터 착공\n영일신문 2026-11-16\n\n포항시가 16일 AI 실증센터를 착공했다. "
        "센터에는 사업비 372억 원이 들어가고 2028년 6월에 문을 연다. "
        "철강 공장의 설비 고장을 미리 알아내는 인공지능을 여기서 시험한다. "
        "시는 센터가 문을 열면 일자리 214개가 생길 것으로 본다. "
        "시민단체는 전력 공급 계획이 아직 나오지 않았다고 지적했다.\n"
    ),
    "lab_vi": (
        "Pohang khởi công trung tâm thử nghiệm AI\nBáo Biển Đông 17/11/2026\n\n"
        "Thành phố Pohang khởi công trung tâm thử nghiệm AI ngày 16. "
        "Trung tâm có kinh phí 37,2 tỷ won và mở cửa vào tháng 6/2028. "
        "Tại đây sẽ thử nghiệm trí tuệ nhân tạo phát hiện sớm hỏng hóc thiết bị của nhà máy thép. "
        "Thành phố cho rằng sẽ có 214 việc làm khi trung tâm mở cửa. "
        "Các tổ chức dân sự chỉ ra rằng kế hoạch cung cấp điện vẫn chưa được công bố.\n"
    ),
    "day1": (
        "AI 브리핑: 오늘의 숫자\n대한AI통신 2026-11-10\n\n코스피 AI 지수는 1,284.5로 마감했다. 거래대금은 3조 210억 원이었다.\n"
    ),
    "day2": (
        "AI 브리핑: 오늘의 숫자\n대한AI통신 2026-11-11\n\n코스피 AI 지수는 1,301.2로 마감했다. 거래대금은 2조 880억 원이었다.\n"
    ),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Archive:
    folder = tmp_path_factory.mktemp("short")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    fingerprint = Fingerprint(embedder.identity, "1")
    store = ArticleStore(f"sqlite:///{folder / 'a.sqlite'}")
    archive = Archive(store, embedder, EdgeIndex(folder / "index", fingerprint), fingerprint)
    assert {
        r.reason for r in Ingester(store, Worker(store, embedder).work).add(find_sources([str(folder)]))
    } == {None}
    archive.synchronise()
    return archive


def _ask(archive: Archive, settings: Settings, question: str) -> Answer:
    return AnswerPipeline(archive, None, settings).invoke(Ask(question))


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("통영 AI 양식장의 생존율은 몇 퍼센트인가?", "87.5%"),
        ("창원시는 AI 버스를 몇 대 투입했나?", "12대"),
        ("창원 AI 버스는 얼마가 더 있으면 노선을 늘릴 수 있나?", "1억"),
        ("목포시는 AI 항만 관제에 얼마를 투입하나?", "94억 원"),
        ("Quảng Ngãi chi bao nhiêu cho cảng thông minh?", "211 tỷ đồng"),
        ("2026년 11월 11일 거래대금은 얼마인가?", "2조 880억 원"),
        ("2026년 11월 10일 거래대금은 얼마인가?", "3조 210억 원"),
        ("거래대금은 얼마인가?", "2조 880억 원"),
    ],
)
def test_the_figure_that_the_article_states_is_shown(
    archive: Archive, settings: Settings, question: str, figure: str
) -> None:
    assert figure in _ask(archive, settings, question).text


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("목포시는 AI 항만 관제에 얼마를 투입하나?", "2026년 11월 8일 기사"),
        ("Quảng Ngãi chi bao nhiêu cho cảng thông minh?", "một bài báo ngày 4 tháng 11 năm 2026"),
    ],
)
def test_where_no_publisher_is_known_an_article_is_named_by_its_day(
    archive: Archive, settings: Settings, question: str, source: str
) -> None:
    answer = _ask(archive, settings, question)
    assert source in answer.text
    assert answer.citations[0].publisher == ""


def test_the_days_of_a_series_are_stories_of_their_own(archive: Archive) -> None:
    days = [article for article in archive.store.articles() if article.title.startswith("AI 브리핑")]
    assert len(days) == len({article.story_id for article in days}) == 2


@pytest.mark.parametrize(
    ("question", "language", "relation"),
    [
        ("포항 AI 실증센터의 사업비는 얼마인가요?", Language.KO, Relation.TRANSLATION),
        ("Kinh phí của trung tâm thử nghiệm AI ở Pohang là bao nhiêu?", Language.VI, Relation.OWN),
    ],
)
def test_of_a_translated_story_the_article_in_the_readers_language_is_cited(
    archive: Archive, settings: Settings, question: str, language: Language, relation: Relation
) -> None:
    answer = _ask(archive, settings, question)
    cited = answer.citations[0]
    assert cited.language == language
    assert cited.also_in == 1
    assert [(one.language != language, one.relation) for one in cited.others] == [(True, relation)]
