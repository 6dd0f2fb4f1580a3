"""The vector index: one interface with two adapters, Qdrant Edge (in process) and Qdrant server."""

from assistant.core.index.edge import EdgeIndex
from assistant.core.index.interface import Fingerprint, IndexPoint, ScoredPassage, VectorIndex
from assistant.core.index.lock import chat_url
from assistant.core.settings import Settings

__all__ = ["EdgeIndex", "Fingerprint", "IndexPoint", "ScoredPassage", "VectorIndex", "chat_url", "open_index"]


def open_index(settings: Settings, fingerprint: Fingerprint, *, check: bool = True) -> VectorIndex:
    """The index the settings name, created if missing.

    An embedded one with another fingerprint is emptied. On a server it is refused or, without ``check``, left
    beside the new one.

    Raises:
        IndexLocked: Another process holds the embedded index.
        IndexUnavailable: It cannot be opened or reached.
        SettingsError: The server's was made under another fingerprint.
    """
    if settings.index.url:
        # Takes a second to import; the embedded index does not need it
        from assistant.core.index.server import ServerIndex

        return ServerIndex.connect(settings.index, fingerprint, check=check)
    return EdgeIndex(settings.index_dir, fingerprint)
