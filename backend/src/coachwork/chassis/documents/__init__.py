"""Tables of documents behind one port."""

from coachwork.chassis.documents.port import (
    ABSENT,
    ANYTHING,
    PRESENT,
    Attributes,
    Check,
    Delete,
    Document,
    Expected,
    Key,
    NotAsExpected,
    Page,
    Put,
    Table,
    Update,
    Write,
)

__all__ = [
    "ABSENT",
    "ANYTHING",
    "PRESENT",
    "Attributes",
    "Check",
    "Delete",
    "Document",
    "Expected",
    "Key",
    "NotAsExpected",
    "Page",
    "Put",
    "Table",
    "Update",
    "Write",
]
