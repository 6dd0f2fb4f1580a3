"""Which language model a machine gets: real servers on loopback, a model hub among them, and ``doctor``'s words."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from gguf_files import write_small_model
from web import Site, serving

from assistant.core.errors import ModelUnavailable, WeightsError
from assistant.core.settings import DEFAULT_LLM, Engine, LlmSettings, Settings
from assistant.core.weights import fetch_from_hub, known_model, known_models
from assistant.core.weights.known import HubFile
from assistant.models.choice import choose_model
from assistant.models.llama import EmbeddedChat

MODELS = Path(__file__).parents[3] / "docs" / "models.md"
NOWHERE = "http://127.0.0.1:9"
TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}{% if enable_thinking is not defined %}<think>{% endif %}"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def _offer_all_known_models(hub: Site) -> None:
    for known in known_models():
        if known.hub:
            _offer(hub, known.hub, b"")


def _offer(hub: Site, file: HubFile, body: bytes, status: int = 200, **headers: str) -> None:
    path = f"/{file.repository}/resolve/{file.revision}/{file.file}"
    etag = f'"{file.sha256}"'
    hub.lay(
        path, body, status, ETag=etag, X_Repo_Commit=file.revision, X_Linked_Size=str(file.size), **headers
    )


def _serve_ollama(server: Site, *names: str) -> None:
    server.lay(
        "/api/tags", json.dumps({"models": [{"model": name, "name": name} for name in names]}).encode()
    )


def _serve_openai(server: Site, *names: str) -> None:
    server.lay(
        "/v1/models", json.dumps({"data": [{"id": name, "object": "model"} for name in names]}).encode()
    )


@dataclass
class Doctor:
    """``python -m assistant doctor`` on a machine without weights, where no server answers unless one is named."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def says(self, **settings: str) -> str:
        own = {
            "NEWS_CACHE_DIR": str(self.folder / "cache"),
            "NEWS_DATA_DIR": str(self.folder / "data"),
            "NEWS_LLM__ENGINE": "auto",
            "NEWS_LLM__MODEL": "auto",
            "OLLAMA_HOST": NOWHERE,
            "HF_ENDPOINT": NOWHERE,
        }
        command = [sys.executable, "-m", "assistant", "doctor"]
        done = subprocess.run(
            command, env=os.environ | own | settings, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    return Doctor(tmp_path)


def test_without_server_and_hub_the_packaged_model_answers(doctor: Doctor) -> None:
    said = doctor.says(NEWS_LLM__MEMORY_GIB="32", NEWS_LLM__THREADS="8")
    assert "embedded:qwen2.5-coder-1.5b-instruct" in said
    assert "the model hub does not offer it" in said


@pytest.mark.parametrize(
    ("memory", "cores", "chosen", "better"),
    [
        ("7.6", "4", "qwen3-4b-instruct-2507", "qwen3-8b needs 14 GiB of memory and 8 cores"),
        ("15.5", "8", "qwen3-8b", "qwen3-14b needs 22 GiB of memory and 16 cores"),
        ("31", "8", "qwen3-30b-a3b-instruct-2507", ""),
    ],
)
def test_with_a_hub_the_machine_gets_what_its_memory_and_cores_carry(
    doctor: Doctor, site: Site, memory: str, cores: str, chosen: str, better: str
) -> None:
    _offer_all_known_models(site)
    said = doctor.says(HF_ENDPOINT=site.url, NEWS_LLM__MEMORY_GIB=memory, NEWS_LLM__THREADS=cores)
    assert f"embedded:{chosen}" in said
    assert better in said if better else "a better one" not in said


@pytest.mark.parametrize(("memory", "cores", "lacking"), [(4, 4, "7 GiB of memory"), (31, 2, "4 cores")])
def test_a_small_machine_gets_the_packaged_model_without_asking_the_hub(
    memory: float, cores: int, lacking: str
) -> None:
    llm = LlmSettings(engine=Engine.AUTO, model="auto", url=NOWHERE, memory_gib=memory, threads=cores)
    choice = choose_model(Settings(llm=llm))
    assert choice.settings.llm.model == DEFAULT_LLM
    assert f"qwen3-4b-instruct-2507 needs {lacking}" in choice.better


def test_an_ollama_server_with_a_known_model_comes_first(doctor: Doctor, site: Site) -> None:
    _serve_ollama(site, "llama2:7b", "gemma3:4b", "qwen3:8b-q4_K_M")
    said = doctor.says(OLLAMA_HOST=site.url, HF_ENDPOINT=site.url)
    assert "ollama:qwen3:8b-q4_K_M" in said
    assert "Ollama answers and has it" in said
    assert not [path for path, _ in site.requests if "resolve" in path]


def test_a_server_without_a_known_model_is_passed_over(doctor: Doctor, site: Site) -> None:
    _serve_ollama(site, "llama2:7b")
    assert "embedded:qwen2.5-coder-1.5b-instruct" in doctor.says(OLLAMA_HOST=site.url)


def _choice(site: Site, **llm: object) -> LlmSettings:
    url = f"{site.url}/v1" if llm.get("engine") is Engine.OPENAI else site.url
    settings = Settings(
        llm=LlmSettings.model_validate({"engine": Engine.AUTO, "model": "auto", "url": url} | llm)
    )
    return choose_model(settings).settings.llm


def test_an_openai_server_is_asked_for_the_best_known_model_by_its_own_name(site: Site) -> None:
    _serve_openai(site, "google/gemma-3-4b-it", "Qwen/Qwen3-30B-A3B-Instruct-2507-FP8")
    assert _choice(site, engine=Engine.OPENAI).model == "Qwen/Qwen3-30B-A3B-Instruct-2507-FP8"


def test_the_only_model_of_a_named_server_is_taken_and_among_several_one_must_be_named(site: Site) -> None:
    _serve_ollama(site, "llama2:7b")
    assert _choice(site, engine=Engine.OLLAMA).model == "llama2:7b"
    site.responses.clear()
    _serve_ollama(site, "llama2:7b", "phi:2b")
    with pytest.raises(ModelUnavailable, match=r"NEWS_LLM__MODEL can be: llama2:7b, phi:2b"):
        _choice(site, engine=Engine.OLLAMA)
    site.responses.clear()
    _serve_ollama(site)
    with pytest.raises(ModelUnavailable, match=r"ollama pull qwen3:4b-instruct"):
        _choice(site, engine=Engine.OLLAMA)


def test_a_named_model_is_looked_for_on_the_server_and_otherwise_embedded(site: Site) -> None:
    _serve_ollama(site, "llama2:7b")
    assert _choice(site, model="llama2:7b").engine is Engine.OLLAMA
    assert _choice(site, model="mine.gguf").engine is Engine.EMBEDDED


def test_what_the_settings_name_is_not_looked_for(site: Site) -> None:
    named = _choice(site, engine=Engine.OLLAMA, model="any")
    assert (named.model, site.requests) == ("any", [])


def test_the_key_goes_to_the_named_address(site: Site) -> None:
    _serve_openai(site, "qwen3-8b")
    assert _choice(site, url=f"{site.url}/v1", api_key="hidden").engine is Engine.OPENAI
    sent = {path: headers.get("Authorization") for path, headers in site.requests}
    assert sent["/v1/models"] == "Bearer hidden"


def _small(folder: Path) -> tuple[HubFile, bytes]:
    write_small_model(folder / "published.gguf", TEMPLATE)
    body = (folder / "published.gguf").read_bytes()
    sha256 = hashlib.sha256(body).hexdigest()
    return HubFile(
        repository="news/small", revision="a" * 40, file="small.gguf", size=len(body), sha256=sha256
    ), body


@pytest.mark.model
def test_a_file_from_the_hub_is_fetched_once_verified_and_runs(tmp_path: Path, site: Site) -> None:
    file, body = _small(tmp_path)
    _offer(site, file, body)
    weights = tmp_path / "weights"
    path = fetch_from_hub(file, weights, site.url)
    n_requests = len(site.requests)
    assert fetch_from_hub(file, weights, site.url) == path
    assert len(site.requests) == n_requests
    model = EmbeddedChat(path=path, context_tokens=256, max_tokens=8)
    assert model.invoke("안녕?").content
    model.close()


def test_a_download_that_breaks_off_goes_on_where_it_stopped(tmp_path: Path, site: Site) -> None:
    body = os.urandom(2**20)
    sha256 = hashlib.sha256(body).hexdigest()
    file = HubFile(
        repository="news/large", revision="b" * 40, file="large.gguf", size=len(body), sha256=sha256
    )
    _offer(site, file, body[: 2**19], Content_Length=str(len(body)))
    _offer(site, file, b"", status=503)
    _offer(site, file, body)
    with pytest.raises(WeightsError, match="What is already there is kept"):
        fetch_from_hub(file, tmp_path, site.url)
    assert fetch_from_hub(file, tmp_path, site.url).read_bytes() == body
    ranges = [headers["Range"] for _, headers in site.requests]
    assert ranges == ["bytes=0-", "bytes=524288-", "bytes=524288-"]


def test_a_file_with_another_checksum_is_removed(tmp_path: Path, site: Site) -> None:
    file, body = _small(tmp_path)
    _offer(site, file, bytes(len(body)))
    with pytest.raises(WeightsError, match=r"small.gguf has the wrong checksum .*python -m assistant setup"):
        fetch_from_hub(file, tmp_path, site.url)
    assert not (tmp_path / "small.gguf").exists()


def test_a_hub_that_does_not_answer_is_one_message_with_what_to_do(tmp_path: Path) -> None:
    file, _ = _small(tmp_path)
    with pytest.raises(WeightsError, match=r"Check the connection, then run: python -m assistant setup"):
        fetch_from_hub(file, tmp_path, NOWHERE)


def test_a_model_is_known_by_what_servers_call_it() -> None:
    names = (
        "qwen3:4b-instruct-2507-q8_0",
        "Qwen/Qwen3-4B-Instruct-2507",
        "/models/gemma-3-4b-it-Q4_K_M.gguf",
    )
    found = [known_model(name) for name in names]
    assert [known and known.name for known in found] == ["qwen3-4b-instruct-2507"] * 2 + ["gemma-3-4b-it"]
    assert known_model("qwen3:4b") is None  # thinks, and cannot be told not to
    assert {known.name for known in known_models() if known.thinks} == {"qwen3-8b", "qwen3-14b"}


def test_the_documents_list_every_known_model_as_the_table_does() -> None:
    rows = [line for line in MODELS.read_text(encoding="utf-8").splitlines() if "| " in line]
    for known in known_models():
        needs = f"{known.languages} | {known.context} | {known.memory_gib:g} | {known.cores}"
        assert f"| {known.name} | {known.licence} | {needs} | {known.served[0]} | {known.why} |" in rows
