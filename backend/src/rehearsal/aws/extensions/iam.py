"""IAM. Stock moto

- leaves out AWS's own managed policies unless its environment asks for them;
- serves requests side by side without a lock, and looks through all policies while others are made and deleted.
"""

import os
from threading import RLock
from typing import Any

from moto.iam.responses import IamResponse

_LOCK = RLock()
_call_action = IamResponse.call_action


def call_action(self: IamResponse) -> Any:
    """Answer one request after the other."""
    with _LOCK:
        return _call_action(self)


def install() -> None:
    """Ask for the policies, which moto reads when the first account is looked at; put this in place of moto's own."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    setattr(IamResponse, call_action.__name__, call_action)
