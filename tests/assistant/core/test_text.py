import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.languages import Language
from assistant.core.text import detect_language, nfc, sentence_spans, table_header


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("DeepSeek R1의 점유율은?", Language.KO),
        ("Thị phần của Trung Quốc là bao nhiêu?", Language.VI),
        ("Thi phan tai xuong cua Trung Quoc la bao nhieu?", Language.VI),
        ("What share of downloads did DeepSeek have?", Language.EN),
        ("Còn Baidu thì sao?", Language.VI),
        ("xuat khau chip bi phat toi da bao nhieu tien", Language.VI),
        ("con Baidu thi sao", Language.VI),
        ("The articles do not say.", Language.EN),
        ("Beyoncé à Paris", Language.EN),
        (unicodedata.normalize("NFD", "Luật có hiệu lực khi nào?"), Language.VI),
        (unicodedata.normalize("NFD", "언제 시행되나?"), Language.KO),
    ],
)
def test_language_is_that_of_most_of_the_text(text: str, language: Language) -> None:
    assert detect_language(text) is language


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("하나다. 둘이다.", ["하나다.", "둘이다."]),
        ("2025. 3. 24. 18:45 보도. 끝.", ["2025. 3. 24. 18:45 보도.", "끝."]),
        ("기금(약 193조 원, 얼마?!) 규모다. 끝.", ["기금(약 193조 원, 얼마?!) 규모다.", "끝."]),
        ("“그렇다.” 그가 말했다.", ["“그렇다.”", "그가 말했다."]),
        ("“17% 늘었다. 더 는다”고 했다. 끝.", ["“17% 늘었다. 더 는다”고 했다.", "끝."]),
        ('Ông nói: "Tăng 10%. Rồi 20%." Hết.', ['Ông nói: "Tăng 10%. Rồi 20%."', "Hết."]),
        ('Màn hình 5". Giá 3 triệu đồng.', ['Màn hình 5".', "Giá 3 triệu đồng."]),
        (
            "Theo TP. Hà Nội, mức 15.8% v.v. là đúng. Hết.",
            ["Theo TP. Hà Nội, mức 15.8% v.v. là đúng.", "Hết."],
        ),
        ("제목\n첫 문장", ["제목", "첫 문장"]),
        ("It rose in 2025. Then it fell.", ["It rose in 2025.", "Then it fell."]),
        ("— … —\n\n", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


@given(st.text(alphabet='가나 .!?…\n"”)(1a2ă%', max_size=200))
def test_sentences_hold_every_letter_once_and_in_order(text: str) -> None:
    spans = list(sentence_spans(text))
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@given(st.text(max_size=100))
def test_nfc_is_idempotent(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)


@pytest.mark.parametrize(
    ("text", "row", "header"),
    [
        (
            "앞 글.\n\n회사 매출 (2024년) 직원\n가나 10억 원 20명\n다라 30억 원 5명. 큰 회사다.\n\n뒤 글",
            "큰 회사",
            "회사 매출 (2024년) 직원",
        ),
        (
            "| Company | Revenue |\n| --- | --- |\n| Gana | 10 |\n| Dara | 30 |",
            "| Dara",
            "| Company | Revenue |",
        ),
        ("회사 매출 직원\n가나 10억 원 20명\n다라 30억 원 5명", "회사", ""),
        ("첫 문장이다.\n둘째 10개.\n셋째 20개.", "둘째", ""),
        ("Three aims\n• one 1\n• two 2\n• three 3", "• two", ""),
        ("A heading\nA paragraph of 10 words.", "A paragraph", ""),
    ],
)
def test_a_table_row_has_the_first_line_of_its_table_as_header(text: str, row: str, header: str) -> None:
    assert table_header(text, text.index(row)) == header
