from fakes import HashEmbedder
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.languages import Language
from assistant.core.records import Article
from ingest.chunk import chunk
from ingest.encoding import decode
from ingest.samples import FOLDER as SAMPLES
from ingest.sources import find_sources


def _article(text: str, language: Language = Language.KO, body_start: int = 0) -> Article:
    return Article("a", "file:///a", "제목", text, language, body_start=body_start)


@given(st.text(alphabet="가나다 라마.\n?!", max_size=3000))
def test_passages_hold_every_sentence_once_with_exact_offsets(text: str) -> None:
    passages = chunk(_article(text), HashEmbedder())
    spans = [span for passage in passages for span in passage.sentences]
    assert "".join(c for span in spans for c in text[span.start : span.end] if c.isalnum()) == "".join(
        c for c in text if c.isalnum()
    )
    assert all(p.start == p.sentences[0].start and p.end == p.sentences[-1].end for p in passages)
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))  # noqa: RUF007 - lists of one too


def test_a_sentence_too_long_for_the_embedder_is_cut_at_white_space() -> None:
    text = "표의 한 줄 " * 400
    spans = [span for passage in chunk(_article(text), HashEmbedder()) for span in passage.sentences]
    assert max(span.end - span.start for span in spans) <= 400
    assert "".join(text[s.start : s.end] for s in spans).replace(" ", "") == text.replace(" ", "")


def test_a_run_without_white_space_is_cut_and_nothing_is_lost() -> None:
    text = "가" * 2000
    assert (
        "".join(text[s.start : s.end] for p in chunk(_article(text), HashEmbedder()) for s in p.sentences)
        == text
    )


def test_the_header_is_in_no_passage() -> None:
    text = "신문 2025. 1. 1.\n본문이다."
    (passage,) = chunk(_article(text, body_start=len("신문 2025. 1. 1.")), HashEmbedder())
    assert text[passage.start : passage.end] == "본문이다."


def test_the_samples_are_at_least_eight_a_language_and_of_the_length_of_news() -> None:
    for language in ("ko", "vi"):
        sources = list(find_sources([str(SAMPLES / language)]))
        assert len(sources) >= 8
        assert all(len(decode(source.path.read_bytes()).split()) >= 200 for source in sources)
