"""All settings: environment variables or ``.env``, prefix ``NEWS_``, nested by two underscores (``NEWS_LLM__ENGINE``)."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.core.errors import SettingsError
from assistant.core.text import Language

DEFAULT_EMBEDDER = "multilingual-e5-small"
DEFAULT_LLM = "qwen2.5-coder-1.5b-instruct"


class Engine(StrEnum):
    """Where the language model runs."""

    EMBEDDED = "embedded"
    OLLAMA = "ollama"
    OPENAI = "openai"
    NONE = "none"


class Precision(StrEnum):
    """Arithmetic of the embedder; ``auto`` takes bf16 where the processor has it."""

    AUTO = "auto"
    BF16 = "bf16"
    FP32 = "fp32"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LlmSettings(_Section):
    """The language model.

    ``model`` is, for the embedded engine, a name from ``assistant.core.weights``, a GGUF file, or ``hub:owner/repo/file``; for
    the others the server's own name of the model.
    """

    engine: Engine = Engine.EMBEDDED
    model: str = DEFAULT_LLM
    url: str | None = None
    api_key: SecretStr | None = None
    context_tokens: int = Field(4096, ge=1024)
    max_tokens: int = Field(320, ge=16)
    timeout_s: float = Field(120, gt=0)


class EmbedderSettings(_Section):
    """The embedder: ``model`` is a name from ``assistant.core.weights``, a folder, or a hub id such as ``BAAI/bge-m3``."""

    model: str = DEFAULT_EMBEDDER
    query_prompt: str | None = None
    passage_prompt: str | None = None
    precision: Precision = Precision.AUTO
    batch_size: int = Field(32, ge=1)


class RerankerSettings(_Section):
    """A cross-encoder that orders the best passages anew: a folder, or a hub id such as ``BAAI/bge-reranker-v2-m3``."""

    model: str | None = None
    n_passages: int = Field(24, ge=1, le=100)
    batch_size: int = Field(8, ge=1)


class IndexSettings(_Section):
    """The vector index: Qdrant Edge in the data folder, or a Qdrant server where ``url`` is set."""

    url: str | None = None
    api_key: SecretStr | None = None
    collection: str = "passages"


class DatabaseSettings(_Section):
    """The article store: SQLite in the data folder, or any SQLAlchemy ``url`` (``postgresql+psycopg://…``)."""

    url: str | None = None


class PageSettings(_Section):
    """The chat page and its API."""

    host: str = "127.0.0.1"
    port: int = Field(7860, ge=0, le=65535)
    language: Language | None = None


class AnswerSettings(_Section):
    """How much is retrieved and shown to the language model."""

    n_passages: int = Field(8, ge=1, le=50)
    n_sentences: int = Field(6, ge=1, le=30)


class Settings(BaseSettings):
    """The whole tree; built once in an entry point by ``load_settings`` and passed down."""

    model_config = SettingsConfigDict(
        env_prefix="NEWS_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="ignore",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    data_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Path("data")
    cache_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Path("~/.cache/ai-policy-news").expanduser()
    llm: LlmSettings = LlmSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    reranker: RerankerSettings = RerankerSettings()
    index: IndexSettings = IndexSettings()
    database: DatabaseSettings = DatabaseSettings()
    page: PageSettings = PageSettings()
    answer: AnswerSettings = AnswerSettings()

    @property
    def weights_dir(self) -> Path:
        """Folder of the model files, outside the repository, shared by all checkouts."""
        return self.cache_dir / "weights"

    @property
    def index_dir(self) -> Path:
        """Folder of the embedded index."""
        return self.data_dir / "index"

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the article store."""
        return self.database.url or f"sqlite:///{self.data_dir / 'articles.sqlite'}"


def load_settings() -> Settings:
    """Read the environment and ``.env``.

    Raises:
        SettingsError: A value has the wrong type or is out of range; names the variable.
    """
    try:
        return Settings()
    except ValidationError as exc:
        lines = [
            f"NEWS_{'__'.join(str(part).upper() for part in e['loc'])}: {e['msg']} (value: {e['input']!r})" for e in exc.errors()
        ]
        raise SettingsError("Wrong setting, correct it in the environment or .env:\n  " + "\n  ".join(lines)) from exc
