"""Lines of the threat model (docs/security.md) that no other test shows."""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import docx
import httpx
import pytest
from fakes import HashEmbedder
from pydantic import SecretStr
from serving import serving, whole_page

from assistant.answering.pipeline import AnswerPipeline
from assistant.core.archive import Archive
from assistant.core.articles import ArticleStore
from assistant.core.embedding import Embedder
from assistant.core.errors import IngestError
from assistant.core.logs import configure_logs
from assistant.core.settings import IndexSettings, LlmSettings, LogLevel, LogSettings, Settings
from assistant.page.articles_tab import keep
from assistant.requests import log_requests
from ingest.feeds import listed
from ingest.formats import read_document
from ingest.ingester import Ingester
from ingest.sources import find_sources
from ingest.worker import Worker

_ENTITIES = '<!DOCTYPE x [<!ENTITY file SYSTEM "file://{}"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.fixture(scope="module")
def served(samples: Archive, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = log_requests(
        whole_page(AnswerPipeline(samples, None, settings), samples, tmp_path_factory.mktemp("page"))
    )
    with serving(app) as url:
        yield url


def test_entities_in_a_feed_or_sitemap_read_no_file_and_do_not_grow(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret words")
    head = _ENTITIES.format(tmp_path / "secret")
    sitemap = f"{head}<urlset><url><loc>http://news.example/&file;&b;</loc></url></urlset>"
    feed = f"{head}<rss version='2.0'><channel><item><title>&file;&b;</title><link>http://news.example/1</link></item></channel></rss>"
    for raw in (sitemap, feed):
        entries = listed(raw.encode(), "http://news.example/") or []
        assert "secret words" not in str(entries)
        assert "hahahaha" not in str(entries)


def test_entities_in_a_word_file_read_no_file_and_what_unpacks_to_gigabytes_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "secret").write_text("secret words")
    made, document = io.BytesIO(), docx.Document()
    document.add_paragraph("예산은 3조 원이다.")
    document.save(made)
    with zipfile.ZipFile(made) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    body = members["word/document.xml"].decode()
    head, _, rest = body.partition("?>")
    hostile = f"{head}?>{_ENTITIES.format(tmp_path / 'secret')}{rest.replace('3조', '&file;&b;')}"
    for change in ({"word/document.xml": hostile.encode()}, {"word/media/big": bytes(300 * 2**20)}):
        changed = io.BytesIO()
        with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in (members | change).items():
                packed.writestr(name, content)
        try:
            read = read_document(changed.getvalue(), "file:///a.docx").text
        except IngestError as exc:
            read = str(exc)
        assert "secret words" not in read
        assert "hahahaha" not in read
    assert "unpacks to more than" in read


@pytest.mark.parametrize(
    "name", ["../../escaped.md", "..\\..\\escaped.md", "/etc/escaped.md", ".bashrc", "a\nb.md"]
)
def test_an_upload_stays_in_its_folder_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    upload = tmp_path / "sent" / Path(name).name
    upload.parent.mkdir()
    upload.write_text("예산은 3조 원이다.")
    kept = keep(upload, tmp_path / "data" / "uploads")
    assert kept.resolve().is_relative_to(tmp_path / "data" / "uploads")
    assert not kept.name.startswith(".")


@pytest.mark.parametrize(
    "path",
    [
        "/page-assets/..%2f__init__.py",
        "/page-assets/%2e%2e/__init__.py",
        "/api/articles/..%2f..%2fsettings",
        "/articles/..%2f..%2fetc%2fpasswd",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../etc/passwd",
    ],
)
def test_no_address_leads_to_a_file_of_the_machine(served: str, path: str) -> None:
    answer = httpx.get(f"{served}{path}", timeout=30)
    assert answer.status_code in (403, 404, 422)
    assert "root:" not in answer.text
    assert "import" not in answer.text


@pytest.mark.parametrize("text", ["'; DROP TABLE articles; --", "%' OR '1'='1", '"}]}', "x\\", "{{7*7}}"])
def test_statements_in_questions_filters_and_searches_are_words(
    served: str, samples: Archive, text: str
) -> None:
    n = samples.store.counts()["articles"]
    listed_ = httpx.get(f"{served}/api/articles", params={"q": text}, timeout=30)
    assert (listed_.status_code, listed_.json()["total"]) == (200, 0)
    filtered = httpx.post(
        f"{served}/api/ask", json={"question": "예산은?", "filters": {"publishers": [text]}}, timeout=60
    )
    assert (filtered.status_code, "publisher" in filtered.json()["error"].lower()) == (422, True)
    asked = httpx.post(f"{served}/api/ask", json={"question": f"{text} 예산은?"}, timeout=60)
    assert asked.status_code == 200
    assert samples.store.counts()["articles"] == n


def test_a_request_is_one_line_of_the_log(served: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(LogSettings(level=LogLevel.INFO))
    httpx.get(f"{served}/api/articles/x%0AERROR forged%0D", timeout=30)
    configure_logs(LogSettings())
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "forged" in line]
    assert line.startswith("GET '/api/articles/x\\nERROR forged")


def test_secrets_are_not_in_what_is_printed_of_settings() -> None:
    settings = Settings(
        llm=LlmSettings(api_key=SecretStr("hidden-1")), index=IndexSettings(api_key=SecretStr("hidden-2"))
    )
    assert "hidden" not in f"{settings!r} {settings} {settings.model_dump_json()}"


PIECES = (
    *(
        " ",
        "\n",
        "\t1",
        "a",
        "가",
        "ệ",
        "1,",
        "1 ",
        ". ",
        "(",
        "[",
        '"',
        "-",
        "/",
        ":",
        "<",
        "=",
        "@",
        "#",
        "|",
    ),
    *("| 1 |\n", "a\n1\n", "a | 1\n", "1조 ", "tỷ ", "2026년 ", "Nguyễn ", "출처:", "(Theo ", "<a "),
)


def _seconds_to_ingest(text: str, folder: Path) -> float:
    """From the file to the stored article, without the embedder's arithmetic."""
    file = folder / "a.md"
    file.write_text(
        f"---\ntitle: t\nlanguage: ko\n---\n예산은 3조 원이다. {text} 끝이다.\n", encoding="utf-8"
    )
    with TemporaryDirectory() as data:
        store = ArticleStore(f"sqlite:///{data}/a.sqlite")
        worker = Worker(store, cast(Embedder, HashEmbedder()))
        started = time.perf_counter()
        list(Ingester(store, worker.work).add(find_sources([str(file)])))
        took = time.perf_counter() - started
        store.close()
    return took


@pytest.mark.parametrize("piece", PIECES)
def test_the_time_that_an_article_takes_grows_with_its_length_and_no_faster(
    piece: str, tmp_path: Path
) -> None:
    short, long = (_seconds_to_ingest(piece * (n // len(piece)), tmp_path) for n in (10_000, 40_000))
    assert long < 9 * max(short, 0.1)  # four times as long; sixteen would be quadratic
