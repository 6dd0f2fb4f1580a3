"""The language models known to answer in Korean and Vietnamese, and what each needs: ``language_models.toml``."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_TABLE = Path(__file__).with_name("language_models.toml")


class HubFile(BaseModel):
    """A file on a model hub at one revision; ``size`` in bytes."""

    model_config = ConfigDict(frozen=True)

    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    revision: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]
    file: str
    size: Annotated[int, Field(gt=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class KnownModel(BaseModel):
    """A language model: ``memory_gib`` and ``cores`` are what the machine must have, ``context`` is in tokens.

    ``thinks`` tells that it writes its reasoning first unless its chat template is told not to. Without
    ``hub``, the model comes from the package registry.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    licence: str
    languages: int
    context: int
    memory_gib: float
    cores: int
    served: tuple[str, ...]
    why: str
    thinks: bool = False
    hub: HubFile | None = None

    def is_served_as(self, name: str) -> bool:
        """Whether a server's model of this name is this one, in whatever packing."""
        return any(_plain(mine) in _plain(name) for mine in self.served)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@cache
def known_models() -> tuple[KnownModel, ...]:
    """All of them, the best first."""
    return TypeAdapter(tuple[KnownModel, ...]).validate_python(
        [row | ({"hub": row} if "repository" in row else {}) for row in _table()["model"]]
    )


def known_model(name: str) -> KnownModel | None:
    """The one with this name in the table or on a server."""
    return next((known for known in known_models() if name == known.name or known.is_served_as(name)), None)


def hub_revision(model: str) -> str | None:
    """The revision at which a hub's embedder or reranker is taken; None for the newest."""
    revision: str | None = _table()["revisions"].get(model)
    return revision


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.casefold())
