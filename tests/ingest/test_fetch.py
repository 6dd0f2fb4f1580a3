import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from web import Site, serving

from assistant.core.errors import IngestError
from assistant.core.settings import IngestSettings
from ingest.fetch import Fetcher, Gone

MAX_BYTES = 10_000


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as opened:
        yield opened


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(waits: list[float]) -> Iterator[Fetcher]:
    with Fetcher(IngestSettings(allow_private=True, delay_s=0), MAX_BYTES, waits.append) as made:
        yield made


def test_a_page_comes_with_its_charset_and_unpacked(site: Site, fetcher: Fetcher) -> None:
    body = gzip.compress("예산".encode("euc-kr"))
    site.lay("/a", body, Content_Type="text/html; charset=euc-kr", Content_Encoding="gzip")
    found = fetcher.get(f"{site.url}/a")
    assert (found.raw, found.charset) == ("예산".encode("euc-kr"), "euc-kr")


def test_what_has_not_changed_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    site.lay("/a", b"x", ETag='"1"')
    found = fetcher.get(f"{site.url}/a")
    assert fetcher.get(f"{site.url}/a", found.etag).raw is None


def test_redirects_are_followed_to_their_end_but_not_for_ever(site: Site, fetcher: Fetcher) -> None:
    site.lay("/old", status=301, Location="/new")
    site.lay("/new", b"x")
    assert fetcher.get(f"{site.url}/old").url == f"{site.url}/new"
    site.lay("/round", status=302, Location="/round")
    with pytest.raises(IngestError, match="redirects more than"):
        fetcher.get(f"{site.url}/round")


def test_robots_are_obeyed_and_asked_once(site: Site, fetcher: Fetcher, waits: list[float]) -> None:
    site.lay("/robots.txt", b"User-agent: *\nDisallow: /private\nCrawl-delay: 7\n")
    site.lay("/a", b"x")
    with pytest.raises(IngestError, match=r"robots.txt .* does not allow /private/a"):
        fetcher.get(f"{site.url}/private/a")
    fetcher.get(f"{site.url}/a")
    fetcher.get(f"{site.url}/a")
    assert [path for path, _ in site.requests] == ["/robots.txt", "/a", "/a"]
    assert 6 < max(waits) <= 7


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_gone(site: Site, fetcher: Fetcher, status: int) -> None:
    site.lay("/a", status=status)
    with pytest.raises(Gone):
        fetcher.get(f"{site.url}/a")


def test_a_passing_fault_is_tried_again_after_as_long_as_the_host_asks(
    site: Site, fetcher: Fetcher, waits: list[float]
) -> None:
    site.lay("/a", status=503, Retry_After="9")
    site.lay("/a", b"x")
    assert fetcher.get(f"{site.url}/a").raw == b"x"
    assert 9 in waits


def test_a_fault_that_stays_is_given_up(site: Site, fetcher: Fetcher) -> None:
    site.lay("/a", status=500)
    with pytest.raises(IngestError, match="answers 500; try again later"):
        fetcher.get(f"{site.url}/a")
    assert [path for path, _ in site.requests].count("/a") == 3


def test_more_bytes_than_an_article_has_are_refused(site: Site, fetcher: Fetcher) -> None:
    site.lay("/a", b"x" * (MAX_BYTES + 1))
    with pytest.raises(IngestError, match="an article has less"):
        fetcher.get(f"{site.url}/a")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/a",
        "http://127.0.0.1/a",
        "http://10.0.0.1/a",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a",
        "http://[::ffff:127.0.0.1]/a",
        "http://0.0.0.0/a",
        "http://2130706433/a",
    ],
)
def test_private_addresses_are_refused_however_they_are_written(url: str) -> None:
    with Fetcher(IngestSettings(), MAX_BYTES) as fetcher, pytest.raises(IngestError, match="private network"):
        fetcher.get(url)


def test_a_redirect_to_a_private_address_is_refused(site: Site, waits: list[float]) -> None:
    class OnlyHere(Fetcher):
        """Takes the test's own server for a public one."""

        def _checked_address(self, url: Any) -> str:
            return "127.0.0.1" if url.host == "127.0.0.1" else super()._checked_address(url)

    site.lay("/a", status=302, Location="http://localhost:1/secret")
    refused = pytest.raises(IngestError, match="localhost is an address of a private network")
    with OnlyHere(IngestSettings(), MAX_BYTES, waits.append) as fetcher, refused:
        fetcher.get(f"{site.url}/a")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a", "http://"])
def test_only_web_addresses_are_fetched(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(IngestError, match="Only http and https"):
        fetcher.get(url)
