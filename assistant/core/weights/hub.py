"""Fetches a known model's file from a model hub: the one that ``HF_ENDPOINT`` names, else huggingface.co.

The hub's own client begins an interrupted download again; here it goes on where it stopped. Only a file with the
right checksum gets its name.
"""

from pathlib import Path

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed
from tqdm import tqdm

from assistant.core.errors import WeightsError
from assistant.core.weights.files import AGAIN, verified
from assistant.core.weights.known import HubFile

_ATTEMPTS, _PAUSE_S, _TIMEOUT_S = 5, 1, 30


def fetch_from_hub(file: HubFile, weights_dir: Path, endpoint: str | None = None) -> Path:
    """The file, downloaded and verified if missing.

    Raises:
        WeightsError: No connection, no space, or a checksum mismatch; the message names the command that
            fixes it.
    """
    return verified(
        weights_dir / file.file, file.size, file.sha256, lambda partial: _complete(partial, file, endpoint)
    )


def unreachable(file: HubFile, timeout_s: float, endpoint: str | None = None) -> str | None:
    """Why the hub does not offer the file; None if it does."""
    from huggingface_hub import get_hf_file_metadata

    try:
        get_hf_file_metadata(_url(file, endpoint), timeout=timeout_s)
    except Exception as exc:  # the hub client raises many unrelated exception types
        return str(exc).partition("\n")[0] or type(exc).__name__
    return None


def _url(file: HubFile, endpoint: str | None) -> str:
    from huggingface_hub import hf_hub_url

    return hf_hub_url(file.repository, file.file, revision=file.revision, endpoint=endpoint)


def _complete(partial: Path, file: HubFile, endpoint: str | None) -> None:
    attempts = Retrying(
        retry=retry_if_exception_type(httpx.TransportError),
        stop=stop_after_attempt(_ATTEMPTS),
        wait=wait_fixed(_PAUSE_S),
        reraise=True,
    )
    try:
        attempts(_append, partial, file.size, _url(file, endpoint))
    except (httpx.HTTPError, httpx.StreamError) as exc:
        raise WeightsError(
            f"Could not fetch {file.file} of {file.repository} from the model hub: {exc}\n"
            f"Check the connection, then run: {AGAIN}\nWhat is already there is kept."
        ) from exc


def _append(partial: Path, size: int, url: str) -> None:
    """Download what is still missing of a file; a server that ignores ranges sends all of it."""
    done = partial.stat().st_size
    if done >= size:
        return
    headers = {"Range": f"bytes={done}-", "Accept-Encoding": "identity"}
    with (
        httpx.stream("GET", url, headers=headers, follow_redirects=True, timeout=_TIMEOUT_S) as answer,
        partial.open("ab") as out,
    ):
        answer.raise_for_status()
        if answer.status_code != httpx.codes.PARTIAL_CONTENT:
            out.truncate(0)
        with tqdm(total=size, initial=out.tell(), unit="B", unit_scale=True, desc=partial.stem) as progress:
            for block in answer.iter_bytes():
                out.write(block)
                progress.update(len(block))
