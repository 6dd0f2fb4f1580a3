"""The server profile's file: valid, pinned, closed to the outside, and in step with the settings."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.core.settings import Settings, settings_table

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
SETTINGS = {match[1] for line in settings_table() if (match := re.match(r"\| `(\w+)`", line))}


def test_it_follows_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_limited_restarted_and_may_gain_no_rights(name: str) -> None:
    service = SERVICES[name]
    assert "build" in service or re.fullmatch(r"[\w/-]+:v?\d+\.\d+(\.\d+)?(-\w+)?", service["image"])
    if service["restart"] == "on-failure":  # it does one thing and ends
        return
    assert service["restart"] == "unless-stopped"
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"cpus", "memory"} <= service["deploy"]["resources"]["limits"].keys()
    assert "build" not in service or (service["read_only"] and service["cap_drop"] == ["ALL"])


def test_only_the_page_is_published_and_only_to_this_machine() -> None:
    assert [(name, s["ports"]) for name, s in SERVICES.items() if "ports" in s] == [
        ("app", ["127.0.0.1:7860:7860"])
    ]
    assert all(
        SERVICES[name]["networks"] == ["backend"] for name in ("qdrant", "qdrant-2", "qdrant-3", "postgres")
    )
    assert COMPOSE["networks"]["backend"]["internal"]


def test_who_is_waited_for_says_when_it_is_ready() -> None:
    for service in SERVICES.values():
        for other, condition in service.get("depends_on", {}).items():
            wanted = {
                "condition": "service_completed_successfully"
                if other == "ollama-model"
                else "service_healthy"
            }
            assert condition == wanted
            assert (
                other == "ollama-model"
                or {"test", "interval", "retries"} <= SERVICES[other]["healthcheck"].keys()
            )


def test_every_variable_has_a_default_and_every_setting_exists() -> None:
    assert not re.findall(r"(?<!\$)\$\{\w+\}", TEXT)
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert {name for name in given if name.startswith("NEWS_")} <= SETTINGS


def test_secrets_are_files_that_settings_read_and_nothing_has_a_default_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = COMPOSE["secrets"]
    assert {name.upper() for name in declared} <= SETTINGS
    assert {name for s in SERVICES.values() for name in s.get("secrets", ())} == declared.keys()
    environments = [service.get("environment", {}) for service in SERVICES.values()]
    telling = re.compile("PASSWORD|API_KEY|SECRET|TOKEN")
    assert {name for env in environments for name in env if telling.search(name)} == {
        "POSTGRES_PASSWORD_FILE"
    }
    for name in declared:
        (tmp_path / name).write_text(f"{name}!\n")
    monkeypatch.setenv("NEWS_DATABASE__URL", SERVICES["app"]["environment"]["NEWS_DATABASE__URL"])
    settings = Settings(_secrets_dir=tmp_path)
    assert settings.database_url == "postgresql+psycopg://news:news_database__password%21@postgres:5432/news"
    assert settings.index.api_key is not None
    assert settings.index.api_key.get_secret_value() == "news_index__api_key!"


def test_make_writes_the_secrets_once_for_the_owner_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "constraints.txt", tmp_path)
    command = ["make", "-f", str(ROOT / "Makefile"), *(f"secrets/{name}" for name in COMPOSE["secrets"])]
    texts = []
    for _ in range(2):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        texts.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert texts[0] == texts[1]
    assert texts[0].keys() == COMPOSE["secrets"].keys()
    assert len({text for text in texts[0].values() if len(text) > 40}) == 2
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_volumes_and_networks_are_those_that_are_used() -> None:
    mounts = [
        mount.split(":")[0]
        for s in SERVICES.values()
        for mount in s.get("volumes", ())
        if mount[0] not in ".$"
    ]
    assert set(mounts) == COMPOSE["volumes"].keys()
    used = {network for service in SERVICES.values() for network in service.get("networks", ())}
    assert used - {"default"} == COMPOSE["networks"].keys()


def test_the_image_holds_what_the_program_needs_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    stages = [i for i, line in enumerate(lines) if line.startswith("FROM ")]
    assert len(stages) == 2
    copied = {line.split()[1] for line in lines if line.startswith("COPY ")}
    assert {"assistant", "ingest", "eval", "prompts"} <= copied
    assert "USER app" in lines[stages[1] :]
