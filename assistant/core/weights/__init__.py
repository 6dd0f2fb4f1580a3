"""Locates model files: in the package registry (the models of ``CATALOG``), at a local path, or on a model hub.

A model is named by one string: a key of ``CATALOG``, a known language model's name, an existing path, or a hub id
(``owner/name``; for a single file ``hub:owner/name/file.gguf``). Files are kept in the cache folder, outside the repository, and
fetched once.
"""

import hashlib
from pathlib import Path

from assistant.core.errors import WeightsError
from assistant.core.weights.catalog import CATALOG, PackagedFile
from assistant.core.weights.files import alone, require_space, storage_errors
from assistant.core.weights.hub import fetch_from_hub, unreachable
from assistant.core.weights.known import HubFile, KnownModel, hub_revision, known_model, known_models
from assistant.core.weights.registry import fetch

__all__ = [
    "CATALOG",
    "KnownModel",
    "PackagedFile",
    "embedder_folder",
    "fetch",
    "fetch_from_hub",
    "hub_revision",
    "is_present",
    "known_model",
    "known_models",
    "language_model_file",
    "revision",
    "unreachable",
]

HUB_PREFIX = "hub:"
_EXPANDED_BYTES = 2**30  # the folder and, while it is being written, a copy


def embedder_folder(model: str, weights_dir: Path) -> str:
    """What sentence-transformers can load: a folder, or a hub id that it resolves itself.

    Raises:
        WeightsError: The files cannot be fetched, verified or stored.
    """
    if model not in CATALOG:
        return (
            str(Path(model).expanduser())
            if Path(model).expanduser().exists()
            else model.removeprefix(HUB_PREFIX)
        )
    folder = weights_dir / f"{model}-{CATALOG[model].sha256[:12]}"
    if not folder.exists():
        from assistant.core.weights.e5 import expand

        packed = fetch(CATALOG[model], weights_dir)
        with storage_errors(weights_dir), alone(weights_dir):
            if not folder.exists():
                require_space(weights_dir, _EXPANDED_BYTES)
                expand(packed, folder)
    return str(folder)


def language_model_file(model: str, weights_dir: Path) -> Path:
    """The GGUF file of a language model, fetched if necessary.

    Raises:
        WeightsError: The file does not exist, or cannot be fetched, verified or stored.
    """
    if model in CATALOG:
        return fetch(CATALOG[model], weights_dir)
    if hub := _on_hub(model):
        return fetch_from_hub(hub, weights_dir)
    if model.startswith(HUB_PREFIX):
        return _from_hub(model.removeprefix(HUB_PREFIX), weights_dir)
    path = Path(model).expanduser()
    if not path.is_file():
        raise WeightsError(
            f"There is no language model {model!r}. "
            "NEWS_LLM__MODEL takes a GGUF file, hub:owner/name/file.gguf, or one of "
            f"{', '.join(known.name for known in known_models())}."
        )
    return path


def is_present(model: str, weights_dir: Path) -> bool:
    """Whether a model's files are already on this machine.

    A hub id counts as absent, because the hub's cache is not inspected.
    """
    if hub := _on_hub(model):
        return (weights_dir / hub.file).exists()
    if model not in CATALOG:
        return Path(model).expanduser().exists()
    packaged = CATALOG[model]
    return (weights_dir / packaged.filename).exists() or (
        weights_dir / f"{model}-{packaged.sha256[:12]}"
    ).exists()


def revision(model: str, folder: str) -> str:
    """Identifies an embedder's version.

    The packaged file's SHA-256, the hub's pinned revision, or a hash of the folder's file names and sizes.
    """
    if model in CATALOG:
        return CATALOG[model].sha256[:12]
    if pinned := hub_revision(model):
        return pinned[:12]
    files = (
        sorted((p.name, p.stat().st_size) for p in Path(folder).glob("**/*") if p.is_file())
        if Path(folder).is_dir()
        else [folder]
    )
    return hashlib.sha256(repr(files).encode()).hexdigest()[:12]


def _on_hub(model: str) -> HubFile | None:
    return next((known.hub for known in known_models() if known.name == model), None)


def _from_hub(name: str, weights_dir: Path) -> Path:
    from huggingface_hub import hf_hub_download

    repo, _, filename = name.rpartition("/")
    try:
        return Path(hf_hub_download(repo, filename, cache_dir=weights_dir / "hub"))
    except Exception as exc:  # the hub client raises many unrelated exception types
        raise WeightsError(
            f"Could not fetch {filename!r} of {repo!r} from the model hub: {exc}. Check the name and the connection."
        ) from exc
