"""What can go wrong with imports and exports, beyond the service's own failures.

InvalidRequest                  422, naming the value
├── ExportTooLarge
└── UnreadableImport
Conflict                        409
└── TooMuchToRestore
PayloadTooLarge                 413
└── ImportTooLarge
"""

from coachwork.chassis.errors import Conflict, InvalidRequest, PayloadTooLarge


class UnreadableImport(InvalidRequest):
    """The file is not what its kind says, as a whole; `detail` says where it stops being it."""

    slug = "unreadable-import"
    title = "The file cannot be read as what it is said to be"


class ExportTooLarge(InvalidRequest):
    """There is more than one answer carries; `detail` says how to ask for less."""

    slug = "export-too-large"
    title = "There is more than one answer carries"


class TooMuchToRestore(Conflict):
    """Restored, the account would have more than anybody may; `detail` says of what, and nothing is stored."""

    slug = "too-much-to-restore"
    title = "Restored, the account would have more than it may"


class ImportTooLarge(PayloadTooLarge):
    """The file has more than one import takes; `detail` says of what."""

    slug = "import-too-large"
    title = "The file has more than one import takes"
