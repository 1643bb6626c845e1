"""SQS. Stock moto writes a redrive policy back with other white space than it was given, so every plan differs."""

import json
from typing import Any

from moto.sqs import models


class RedrivenQueue(models.Queue):
    """A queue whose redrive policy reads as SQS writes it: without white space."""

    @property
    def attributes(self) -> dict[str, Any]:
        """The queue's attributes."""
        shown = super().attributes
        if "RedrivePolicy" in shown:
            shown["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        return shown


def install() -> None:
    """Put these in place of moto's own."""
    models.Queue = RedrivenQueue  # type: ignore[misc]  # moto makes its queues by this name
