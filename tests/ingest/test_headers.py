"""Headers as Korean and Vietnamese news sites print them above an article, copied with the text by a reader."""

from datetime import date

import pytest

from assistant.core.records import Article
from ingest.extract import extract
from ingest.formats import Document

KO = "정부가 내년 인공지능 사업에 8조 원을 쓰기로 했다고 3일 밝혔다."
VI = "Chính phủ dự kiến chi 8.000 tỷ đồng cho các dự án trí tuệ nhân tạo trong năm tới."
KO_TITLE = "정부, 내년 AI 예산 8조 원 편성"
VI_TITLE = "Chính phủ chi 8.000 tỷ đồng cho trí tuệ nhân tạo"
DAY = date(2026, 11, 3)

STYLES = {
    "ko labels": (f"{KO_TITLE}\n나루일보\n입력 2026-11-03 09:12 수정 2026-11-04 10:30\n{KO}", "나루일보"),
    "ko labels in brackets": (f"{KO_TITLE}\n[나루일보] 입력 : 2026.11.03 09:12\n{KO}", "나루일보"),
    "ko registered": (f"{KO_TITLE}\n김하늘 기자\n등록 2026.11.03 17:05:11\n{KO}", ""),
    "ko reporter and address": (
        f"{KO_TITLE}\n기자명 김하늘 기자  haneul@naru.example\n입력 2026.11.03 17:05\n댓글 3\n{KO}",
        "",
    ),
    "ko approved": (f"산업\n{KO_TITLE}\n승인 2026.11.03 00:05\n호수 1204\n지면 A5면\n{KO}", ""),
    "ko agency dateline": (
        f"{KO_TITLE}\n송고시간 2026-11-03 14:21\n(서울=나루통신) 김하늘 기자 = {KO}",
        "나루통신",
    ),
    "ko bracketed dateline": (f"{KO_TITLE}\n2026.11.03. 오후 2:21\n[나루일보 김하늘 기자] {KO}", "나루일보"),
    "ko place and reporter": (f"{KO_TITLE}\n나루일보 2026.11.03\n[부산 김하늘 기자] {KO}", "나루일보"),
    "ko photographer": (f"{KO_TITLE}\n나루일보 2026.11.03\n[사진 김하늘 기자]\n{KO}", "나루일보"),
    "ko portal": (
        f"본문 바로가기\n나루일보\n{KO_TITLE}\n입력2026.11.03. 오전 9:12\n기사원문\n공감 12 댓글 4\n{KO}",
        None,
    ),
    "ko weekday": (f"{KO_TITLE}\n2026년 11월 3일 (화)\n나루경제신문\n{KO}", None),
    "ko short year": (f"{KO_TITLE}\n나루일보 | '26.11.3 | 김하늘\n{KO}", "나루일보"),
    "ko subtitle": (f"{KO_TITLE}\n- 반도체에 절반… 인재 양성은 동결\n나루일보 2026/11/03\n{KO}", "나루일보"),
    "ko section path": (f"홈 > 경제 > 산업\n{KO_TITLE}\n나루일보 · 2026-11-03\n{KO}", "나루일보"),
    "ko press release": (
        f"보도자료\n{KO_TITLE}\n배포일시: 2026. 11. 3.(화)\n담당부서: 인공지능정책과\n{KO}",
        "",
    ),
    "ko blog": (
        f"{KO_TITLE}\n정책연구소 소식\n2026. 11. 3. 11:07\nURL 복사 이웃추가\n{KO}",
        "정책연구소 소식",
    ),
    "ko photo first": (f"{KO_TITLE}\n2026-11-03 08:00:00\n▲ 3일 정부서울청사 ⓒ나루일보\n{KO}", None),
    "vi weekday": (f"{VI_TITLE}\nThứ ba, 3/11/2026, 09:12 (GMT+7)\n{VI}", ""),
    "vi author first": (f"{VI_TITLE}\nMinh Khôi - Thứ Ba, 03/11/2026 10:06 CH\n{VI}", None),
    "vi publisher and hour": (f"{VI_TITLE}\nBáo Bến Xưa 03/11/2026 08:30\n{VI}", "Báo Bến Xưa"),
    "vi dashes": (f"{VI_TITLE}\nBến Xưa Online\n03-11-2026 - 08:30 AM\n{VI}", "Bến Xưa"),
    "vi words": (f"{VI_TITLE}\nHà Nội, ngày 3 tháng 11 năm 2026\n{VI}", ""),
    "vi zone first": (f"CÔNG NGHỆ\n{VI_TITLE}\n08:30 03/11/2026\n{VI}", ""),
    "vi bar": (f"{VI_TITLE}\n03/11/2026 | 08:30\nBÁO BẾN XƯA\n{VI}", None),
    "vi dateline": (f"{VI_TITLE}\n3/11/2026\n(Bến Xưa) - {VI}", None),
    "vi label": (f"{VI_TITLE}\nNgày đăng: 03/11/2026 08:30 - Lượt xem: 1204\n{VI}", ""),
    "vi updated": (f"{VI_TITLE}\nĐăng lúc 08:30 03/11/2026, cập nhật 04/11/2026\n{VI}", ""),
    "vi reporter": (f"{VI_TITLE}\nPV Minh Khôi\nThứ Ba, ngày 03/11/2026 08:30 AM (GMT+7)\n{VI}", ""),
    "vi section": (
        f"Trang chủ › Kinh tế › Công nghệ\n{VI_TITLE}\nBáo Bến Xưa, 03.11.2026\n{VI}",
        "Báo Bến Xưa",
    ),
    "vi share": (f"{VI_TITLE}\n3/11/2026 8:30\nChia sẻ\nTheo dõi Báo Bến Xưa trên\n{VI}", None),
    "vi standfirst": (
        f"{VI_TITLE}\n03/11/2026 08:30\nBXO - Đây là mức chi cao nhất từ trước đến nay, tăng gấp đôi năm ngoái.\n{VI}",
        None,
    ),
    "vi iso": (f"{VI_TITLE}\nbenxua.example\n2026-11-03T08:30:00+07:00\n{VI}", None),
}


def _read(text: str) -> Article:
    return extract(Document(text, is_plain=True), "file:///a")


@pytest.mark.parametrize("style", list(STYLES))
def test_a_header_as_sites_print_it_gives_title_day_publisher_and_the_whole_body(style: str) -> None:
    text, publisher = STYLES[style]
    article = _read(text)
    body, title = (KO, KO_TITLE) if style.startswith("ko") else (VI, VI_TITLE)
    assert article.title == title
    assert article.published == DAY
    assert body in article.text[article.body_start :]
    assert title not in article.text[article.body_start :]
    if publisher is not None:  # None: it cannot be told from a section, a subtitle or a person
        assert article.publisher == publisher
    assert not any(character.isdecimal() for character in article.publisher)
