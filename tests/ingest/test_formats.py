import io
from datetime import date
from email.message import EmailMessage

import docx
import pytest
from pypdf import PdfWriter

from assistant.core.errors import IngestError
from ingest.formats import read_document

PAGE = """<!doctype html><html lang="ko"><head><meta charset="{charset}"><title>AI 예산 412억 원 확정 - 누리신문</title>
<meta property="article:published_time" content="2026-11-18T10:22:00+09:00"><script>var views = 98765;</script></head>
<body><nav><a href="/">홈</a><a href="/p">정치</a></nav><div class="cookie">쿠키 37개를 사용합니다.</div>
<h1>AI 예산 412억 원 확정</h1><article><p>교육부는 내년 AI 사업에 412억 원을 쓴다고 밝혔다. 대상 학교는 1,306곳이다.</p>
<p>교육부는 교사 연수에도 예산을 쓴다. 연수는 내년 3월에 시작하며 전국에서 열린다.</p></article>
<footer>무단 전재 금지</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr"])
def test_of_a_page_the_article_is_kept_and_nothing_around_it(charset: str) -> None:
    found = read_document(PAGE.format(charset=charset).encode(charset), "https://nuri.example/a")
    assert "412억 원을 쓴다고 밝혔다" in found.text
    assert not any(word in found.text for word in ("98765", "쿠키", "정치", "무단 전재", "<"))
    assert (found.title, found.publisher, found.published) == (
        "AI 예산 412억 원 확정",
        "누리신문",
        date(2026, 11, 18),
    )


def test_what_the_bytes_are_counts_more_than_what_they_are_called() -> None:
    assert "412억" in read_document(PAGE.format(charset="utf-8").encode(), "file:///article.txt").text
    assert read_document("제목\n본문이다.".encode(), "file:///article.html").is_plain


def test_a_page_without_an_article_is_refused() -> None:
    with pytest.raises(IngestError, match="no article"):
        read_document(b"<!doctype html><html><body><nav>a</nav></body></html>", "https://a.example/")


def test_of_a_word_file_paragraphs_and_rows_come_in_order() -> None:
    made = docx.Document()
    made.add_paragraph("투자 현황")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("기업", "투자(억 원)", "가온", "120"), strict=True):
        cell.text = text
    made.add_paragraph("모두 늘었다.")
    made.save(raw := io.BytesIO())
    assert (
        read_document(raw.getvalue(), "file:///a").text
        == "투자 현황\n\n기업 | 투자(억 원)\n가온 | 120\n\n모두 늘었다."
    )


@pytest.mark.parametrize("charset", ["utf-8", "euc-kr"])
def test_a_mail_names_its_title_sender_and_day(charset: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = (
        "가온뉴스 <a@example.org>",
        "AI 예산",
        "Fri, 20 Nov 2026 09:00:00 +0900",
    )
    mail.set_content("예산은 3조 원이다.", charset=charset)
    mail.add_attachment(b"x", maintype="image", subtype="png")
    found = read_document(mail.as_bytes(), "file:///a.eml")
    assert (found.text.strip(), found.title, found.publisher) == ("예산은 3조 원이다.", "AI 예산", "가온뉴스")
    assert found.published == date(2026, 11, 20)


def test_a_pdf_without_text_and_a_locked_or_broken_one_are_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(blank := io.BytesIO())
    writer.encrypt("secret")
    writer.write(locked := io.BytesIO())
    for raw, error in (
        (blank.getvalue(), "OCR"),
        (locked.getvalue(), "password"),
        (b"%PDF-1.7 nothing", "cannot be read"),
    ):
        with pytest.raises(IngestError, match=error):
            read_document(raw, "file:///a.pdf")
