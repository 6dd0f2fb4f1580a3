"""Named entities and attributes, and their mentions in a text."""

from assistant.core.entities.names import Name, find_attributes, find_names, mentions
from assistant.core.entities.tables import Entity, EntityKind, entities, tables_checksum

__all__ = [
    "Entity",
    "EntityKind",
    "Name",
    "entities",
    "find_attributes",
    "find_names",
    "mentions",
    "tables_checksum",
]
