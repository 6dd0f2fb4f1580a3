import unicodedata

import pytest

from assistant.core.errors import IngestError
from ingest.encoding import decode

KO = "정부, 인공지능 안전시험소에 2,417억 원 투입"
VI = "Đà Nẵng lập trung tâm kiểm định trí tuệ nhân tạo, trị giá 873 tỷ đồng"
TCVN3 = "§µ N½ng lËp trung t©m kiÓm ®Þnh trÝ tuÖ nh©n t¹o, trÞ gi¸ 873 tû ®ång"
VNI = "Ñaø Naüng laäp trung taâm kieåm ñònh trí tueä nhaân taïo, trò giaù 873 tyû ñoàng"


@pytest.mark.parametrize("text", [KO, VI, "The share is 17 %.", "Café prices rose to €3."])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_a_mark_and_composed(text: str, encoding: str) -> None:
    assert decode(unicodedata.normalize("NFD", text).encode(encoding)) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (KO.encode("cp949"), KO),
        (KO.encode("utf-16-le"), KO),
        (KO.encode("utf-16-be"), KO),
        (TCVN3.encode("latin-1"), VI),
        (TCVN3.encode(), VI),
        (VNI.encode("latin-1"), VI),
        (VNI.encode(), VI),
        ("The company’s sales “rose” 3 %.".encode("cp1252"), "The company’s sales “rose” 3 %."),
    ],
)
def test_korean_and_vietnamese_encodings_are_told_by_their_text(raw: bytes, text: str) -> None:
    assert decode(raw) == text


def test_the_encoding_that_a_page_declares_is_believed_where_it_fits() -> None:
    assert decode("Prix".encode("latin-1"), "iso-8859-1") == "Prix"
    assert decode(KO.encode(), "iso-8859-1") == KO


@pytest.mark.parametrize(
    ("wrong", "right", "text"),
    [("latin-1", "cp949", KO), ("latin-1", "utf-8", KO), ("cp1252", "utf-8", "Số liệu mới tăng")],
)
def test_text_that_was_decoded_wrongly_is_refused_with_the_way_back(
    wrong: str, right: str, text: str
) -> None:
    garbled = text.encode(right).decode(wrong)
    with pytest.raises(IngestError, match=f"-f {right.upper()} -t UTF-8 > NEW"):
        decode(garbled.encode())


@pytest.mark.parametrize(
    ("raw", "error"), [(b"\0\1\2", "binary"), (KO.encode()[:30] + b"\xff" + KO.encode(), "iconv -c -f UTF-8")]
)
def test_what_is_no_text_or_broken_is_refused_with_what_to_do(raw: bytes, error: str) -> None:
    with pytest.raises(IngestError, match=error):
        decode(raw)
