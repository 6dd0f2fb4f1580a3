"""All settings, from environment variables or ``.env``: prefix ``NEWS_``, nested with ``__`` (``NEWS_LLM__ENGINE``)."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import make_url

from assistant.core.errors import SettingsError
from assistant.core.languages import Language

DEFAULT_EMBEDDER = "multilingual-e5-small"
DEFAULT_LLM = "qwen2.5-coder-1.5b-instruct"


AUTO = "auto"


class Engine(StrEnum):
    """Where the language model runs; ``auto`` is settled by ``assistant.models.choice``."""

    AUTO = "auto"
    EMBEDDED = "embedded"
    OLLAMA = "ollama"
    OPENAI = "openai"
    NONE = "none"

    @property
    def is_server(self) -> bool:
        """Whether the model runs in a server of its own."""
        return self in (Engine.OLLAMA, Engine.OPENAI)


class Login(StrEnum):
    """How users of the page log in; ``auto`` is ``none`` on loopback, and an error elsewhere."""

    AUTO = "auto"
    USERS = "users"
    HEADER = "header"
    NONE = "none"


class Precision(StrEnum):
    """Arithmetic of the embedder; ``auto`` uses bf16 if the processor supports it natively."""

    AUTO = "auto"
    BF16 = "bf16"
    FP32 = "fp32"


class LogLevel(StrEnum):
    """From which level on lines are written; ``info`` has a line for each request and answer."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    DEBUG = "debug"


class LogFormat(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LlmSettings(_Section):
    """The language model.

    For the embedded engine, ``model`` is a name from ``assistant.core.weights``, a GGUF file, or
    ``hub:owner/repo/file``; for the others it is the model's name on the server. What is ``auto`` is settled by
    ``assistant.models.choice``.
    """

    engine: Engine = Field(
        Engine.AUTO,
        description="Where the language model runs: `embedded`, `ollama`, `openai`; `none` answers by templates and quotations; "
        "`auto` takes a server that answers and has a known model, else `embedded`",
    )
    model: str = Field(
        AUTO,
        description="Embedded: a known name, a GGUF file, or `hub:owner/repo/file`; else the server's name of it; "
        "`auto` takes the best that the server has, or that this machine has the memory and cores for",
    )
    url: str | None = Field(
        None,
        description="Address of the Ollama or OpenAI-compatible server; without it `OLLAMA_HOST` or the usual ports",
    )
    memory_gib: float | None = Field(
        None, gt=0, description="Memory that `auto` reckons with, in GiB; without it the machine's"
    )
    threads: int | None = Field(
        None,
        ge=1,
        description="Cores that `auto` reckons with and llama.cpp uses; without it the machine's",
    )
    api_key: SecretStr | None = Field(None, description="Sent to an OpenAI-compatible server")
    context_tokens: int = Field(4096, ge=1024, description="Tokens of the prompt and the answer together")
    max_tokens: int = Field(320, ge=16, description="Longest answer, in tokens")
    timeout_s: float = Field(120, gt=0, description="Longest wait for a single token, in seconds")


class EmbedderSettings(_Section):
    """The embedder: ``model`` is a name from ``assistant.core.weights``, a folder, or a hub id such as ``BAAI/bge-m3``."""

    model: str = Field(
        DEFAULT_EMBEDDER,
        description="A packaged name, a folder, or a hub id such as `BAAI/bge-m3`; then run `python -m ingest rebuild`",
    )
    query_prompt: str | None = Field(
        None, description="Put before questions; without it, what the model's own files say"
    )
    passage_prompt: str | None = Field(None, description="Put before passages")
    precision: Precision = Field(
        Precision.AUTO, description="Arithmetic; `auto` takes bf16 where the processor has it"
    )
    batch_size: int = Field(32, ge=1, description="Texts embedded at once")


class RerankerSettings(_Section):
    """A cross-encoder that reranks the best passages: a folder, or a hub id such as ``BAAI/bge-reranker-v2-m3``."""

    model: str | None = Field(
        None, description="A cross-encoder: a folder, or a hub id such as `BAAI/bge-reranker-v2-m3`"
    )
    n_passages: int = Field(24, ge=1, le=100, description="Passages that it reorders")
    batch_size: int = Field(8, ge=1, description="Passages that it reads at once")


class IndexSettings(_Section):
    """The vector index: Qdrant Edge in the data folder, or a Qdrant server if ``url`` is set."""

    url: str | None = Field(None, description="A Qdrant server; without it Qdrant Edge in the data folder")
    api_key: SecretStr | None = Field(None, description="Sent to the Qdrant server")
    collection: str = Field(
        "passages",
        description="On a server, the alias of the collection; the collection's own name tells the embedder",
    )
    shards: int | None = Field(None, ge=1, description="On a server, the shards of a new collection")
    replicas: int | None = Field(None, ge=1, description="On a cluster, the copies of each shard")


class DatabaseSettings(_Section):
    """The article store: SQLite in the data folder, or any SQLAlchemy ``url`` (``postgresql+psycopg://…``)."""

    url: str | None = Field(
        None, description="SQLAlchemy URL, `postgresql+psycopg://…`; without it SQLite in the data folder"
    )
    password: SecretStr | None = Field(None, description="Put into the URL, which can then be read by anyone")


class PageSettings(_Section):
    """The chat page and its API."""

    host: str = Field("127.0.0.1", description="Address that page and API listen on")
    port: int = Field(7860, ge=0, le=65535, description="Their port; 0 takes a free one")
    language: Language | None = Field(None, description="Language of the page; without it the browser's")
    login: Login = Field(
        Login.AUTO,
        description="`users`: names and passwords; `header`: by a proxy; `none`; `auto`: none on loopback, demanded elsewhere",
    )
    users: Path | None = Field(
        None,
        description="File of users, written by `python -m assistant user`; without it in the data folder",
    )
    user_header: str = Field(
        "X-Forwarded-User", description="With `header`, the header in which the proxy names the user"
    )
    trusted_proxies: tuple[str, ...] = Field(
        ("127.0.0.1",), description="With `header`, the addresses of the proxies that are believed"
    )
    editors: tuple[str, ...] = Field(
        (), description="With `header`, the users who may add and remove articles"
    )
    questions_per_minute: int = Field(30, ge=1, description="Questions that one user may ask in a minute")


class IngestSettings(_Section):
    """Fetching articles from the web."""

    delay_s: float = Field(1.0, ge=0, description="Seconds between two requests to one host, at least")
    timeout_s: float = Field(20, gt=0, description="Longest wait for a host to answer, in seconds")
    total_timeout_s: float = Field(60, gt=0, description="Longest time for one address, in seconds")
    allow_private: bool = Field(False, description="Fetch from private and loopback addresses, too")


class LogSettings(_Section):
    """The log on standard error."""

    level: LogLevel = Field(
        LogLevel.WARNING, description="`error`, `warning`, `info` (each request and answer) or `debug`"
    )
    format: LogFormat = Field(LogFormat.TEXT, description="`text`, or `json` with times and request ids")


_FEW, _MANY = (8, 6), (16, 16)
"""Passages, and sentences shown to the language model."""


class AnswerSettings(_Section):
    """How much is retrieved, and how much of it the language model sees.

    On a server, a model reads fast and is usually large enough to find its way in more evidence.
    """

    n_passages: int | None = Field(
        None,
        ge=1,
        le=50,
        description=f"Passages that evidence is taken from; without it {_FEW[0]}, with a model on a server {_MANY[0]}",
    )
    n_sentences: int | None = Field(
        None,
        ge=1,
        le=30,
        description=f"Sentences shown to the language model; without it {_FEW[1]}, on a server {_MANY[1]}",
    )
    translate: bool = Field(
        True, description="Have the language model translate quotations from another language"
    )


class Settings(BaseSettings):
    """All settings; built once per entry point by ``load_settings`` and passed down.

    Of each, the environment is believed first, then ``.env``, then a file named like the variable, in lower case,
    in ``/run/secrets``.
    """

    model_config = SettingsConfigDict(
        env_prefix="NEWS_",
        env_nested_delimiter="__",
        env_file=".env",
        secrets_dir="/run/secrets",
        secrets_dir_missing="ok",
        extra="ignore",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings' own
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Secrets may be nested, as variables are."""
        secrets = NestedSecretsSettingsSource(file_secret_settings)
        return init_settings, env_settings, dotenv_settings, secrets

    data_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("data"), description="Everything the program writes, but model files"
    )
    cache_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        Path("~/.cache/ai-policy-news"),
        validate_default=True,
        description="Model files and compiled wheels, shared by all checkouts",
    )
    llm: LlmSettings = LlmSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    reranker: RerankerSettings = RerankerSettings()
    index: IndexSettings = IndexSettings()
    database: DatabaseSettings = DatabaseSettings()
    page: PageSettings = PageSettings()
    answer: AnswerSettings = AnswerSettings()
    ingest: IngestSettings = IngestSettings()
    log: LogSettings = LogSettings()

    @property
    def n_passages(self) -> int:
        """Passages that evidence is taken from."""
        return self.answer.n_passages or (_MANY if self.llm.engine.is_server else _FEW)[0]

    @property
    def n_sentences(self) -> int:
        """Sentences shown to the language model."""
        return self.answer.n_sentences or (_MANY if self.llm.engine.is_server else _FEW)[1]

    @property
    def weights_dir(self) -> Path:
        """Folder of the model files, outside the repository and shared by all checkouts."""
        return self.cache_dir / "weights"

    @property
    def users_file(self) -> Path:
        """The page's users."""
        return self.page.users or self.data_dir / "users.txt"

    @property
    def index_dir(self) -> Path:
        """Folder of the embedded index."""
        return self.data_dir / "index"

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the article store."""
        if not self.database.url:
            return f"sqlite:///{self.data_dir / 'articles.sqlite'}"
        if self.database.password is None:
            return self.database.url
        named = make_url(self.database.url).set(password=self.database.password.get_secret_value())
        return named.render_as_string(hide_password=False)


def load_settings() -> Settings:
    """Read the environment and ``.env``.

    Raises:
        SettingsError: A value has the wrong type or is out of range; the message names the variable.
    """
    try:
        return Settings()
    except ValidationError as exc:
        lines = [
            f"NEWS_{'__'.join(str(part).upper() for part in e['loc'])}: {e['msg']} (value: {e['input']!r})"
            for e in exc.errors()
        ]
        raise SettingsError(
            "Invalid setting; correct it in the environment or .env:\n  " + "\n  ".join(lines)
        ) from exc


def settings_table() -> Iterator[str]:
    """The lines of ``docs/settings.md``: every setting with its default and description."""
    yield "# Settings"
    yield ""
    yield "Environment variables, lines of `.env`, or files in `/run/secrets` named like the variable, in lower case."
    yield "Written by `python -m assistant settings`."
    yield ""
    yield "| setting | default | |"
    yield "| --- | --- | --- |"
    for section, found in Settings.model_fields.items():
        nested = (
            found.annotation
            if isinstance(found.annotation, type) and issubclass(found.annotation, _Section)
            else None
        )
        for name, one in nested.model_fields.items() if nested else [("", found)]:
            variable = "NEWS_" + "__".join(filter(None, (section, name))).upper()
            yield f"| `{variable}` | {'' if one.default is None else f'`{one.default}`'} | {one.description} |"
