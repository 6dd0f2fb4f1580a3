"""Login, roles and limits."""

import base64
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from assistant.access import Access, Users, user_of
from assistant.core.errors import SettingsError
from assistant.core.settings import Login, PageSettings


def _client(access: Access, address: str = "127.0.0.1") -> TestClient:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    def who(request: Request) -> dict[str, object]:
        user = user_of(request)
        return {"owner": user.owner, "name": user.name, "is_editor": user.is_editor}

    access.guard(app)
    return TestClient(app, "http://127.0.0.1", client=(address, 1), follow_redirects=False)


def _basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def _with_users(folder: Path) -> Access:
    users = Users(folder / "users.txt")
    users.add("김", "correct horse", is_editor=True)
    users.add("lan", "battery staple", is_editor=False)
    return Access(PageSettings(login=Login.USERS), folder)


def test_on_loopback_every_browser_is_an_editor_with_conversations_of_its_own(tmp_path: Path) -> None:
    access = Access(PageSettings(), tmp_path)
    one, other = _client(access), _client(access)
    owner = one.get("/").json()["owner"]
    assert one.get("/").json() == {"owner": owner, "name": "", "is_editor": True}
    assert other.get("/").json()["owner"] != owner


def test_a_browser_keeps_its_conversations_over_a_restart(tmp_path: Path) -> None:
    before = _client(Access(PageSettings(), tmp_path))
    owner = before.get("/").json()["owner"]
    after = _client(Access(PageSettings(), tmp_path))
    after.cookies = before.cookies
    assert after.get("/").json()["owner"] == owner


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_where_others_reach_the_page_a_login_is_demanded(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="NEWS_PAGE__LOGIN=users"):
        Access(PageSettings(host=host), tmp_path)
    with pytest.raises(SettingsError, match="no users: python -m assistant user NAME"):
        Access(PageSettings(host=host, login=Login.USERS), tmp_path)


def test_who_is_not_logged_in_is_sent_to_the_login_and_a_program_is_told(tmp_path: Path) -> None:
    client = _client(_with_users(tmp_path))
    page = client.get("/articles/a", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=%2Farticles%2Fa")
    api = client.get("/api/articles", headers={"Accept": "text/html"})
    assert (api.status_code, list(api.json())) == (401, ["error"])


def test_a_user_is_known_by_name_and_password(tmp_path: Path) -> None:
    client = _client(_with_users(tmp_path))
    assert client.get("/", headers=_basic("김", "correct horse")).json() == {
        "owner": "user:김",
        "name": "김",
        "is_editor": True,
    }
    assert client.get("/", headers=_basic("lan", "battery staple")).json()["is_editor"] is False


@pytest.mark.parametrize(
    "headers",
    [
        _basic("김", "battery staple"),
        _basic("nobody", "correct horse"),
        _basic("", ""),
        {"Authorization": "Basic !!"},
        {"Authorization": "Bearer kim"},
        {"X-Forwarded-User": "kim"},
        {"Cookie": "session=eyJ1c2VyIjogIlx1YWU0MCJ9.x.y"},
    ],
)
def test_a_wrong_password_or_a_forged_session_does_not_open_the_page(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    assert _client(_with_users(tmp_path)).get("/api/articles", headers=headers).status_code == 401


def test_passwords_are_stored_hashed_in_a_file_for_the_owner_alone(tmp_path: Path) -> None:
    _with_users(tmp_path)
    file = tmp_path / "users.txt"
    assert "correct horse" not in file.read_text(encoding="utf-8")
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "session.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("name", "password"), [("", "long enough"), ("a:b", "long enough"), ("a", "short")])
def test_a_name_or_password_that_cannot_be_used_is_refused(tmp_path: Path, name: str, password: str) -> None:
    with pytest.raises(SettingsError):
        Users(tmp_path / "users.txt").add(name, password, is_editor=True)


def test_a_damaged_file_of_users_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "users.txt").write_text("kim:admin:x\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"users\.txt, line 1"):
        Access(PageSettings(login=Login.USERS), tmp_path)


def test_a_proxys_header_is_believed_from_the_proxy_only(tmp_path: Path) -> None:
    access = Access(PageSettings(login=Login.HEADER, editors=("kim",)), tmp_path)
    headers = {"X-Forwarded-User": "kim"}
    assert _client(access).get("/", headers=headers).json()["is_editor"] is True
    assert _client(access).get("/", headers={"X-Forwarded-User": "lan"}).json()["is_editor"] is False
    assert _client(access, "10.0.0.9").get("/api/x", headers=headers).status_code == 401


def test_a_user_may_ask_so_many_questions_in_a_minute(tmp_path: Path) -> None:
    access = Access(PageSettings(questions_per_minute=2), tmp_path)
    client = _client(access)
    client.get("/")
    from assistant.access import User

    one, other = User("browser:1"), User("browser:2")
    assert [access.may_ask(one) for _ in range(3)] == [True, True, False]
    assert access.may_ask(other)


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {}, 200),
        ("POST", {"Origin": "http://127.0.0.1"}, 200),
        ("POST", {"Origin": "http://evil.example"}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("GET", {"Origin": "http://evil.example"}, 200),
        ("GET", {"Host": "evil.example:7860"}, 403),
        ("GET", {"Host": "localhost:7860"}, 200),
        ("GET", {"Host": "[::1]"}, 200),
        ("GET", {"Host": "[::1]:7860"}, 200),
        ("GET", {"Host": "[::1"}, 403),
    ],
)
def test_without_a_login_another_sites_page_is_refused(
    tmp_path: Path, method: str, headers: dict[str, str], status: int
) -> None:
    client = _client(Access(PageSettings(), tmp_path))
    assert client.request(method, "/api/ask", headers=headers).status_code == status


def test_every_response_carries_the_security_headers(tmp_path: Path) -> None:
    for response in (
        _client(Access(PageSettings(), tmp_path)).get("/"),
        _client(_with_users(tmp_path / "b")).get("/api/x"),
    ):
        assert "default-src 'self'" in response.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
