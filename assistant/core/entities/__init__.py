"""Entities of the field and attributes of things, and where a text speaks of them."""

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
