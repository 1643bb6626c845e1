"""What an AppSpec file of Lambda says, in YAML or JSON; pure.

Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml  # type: ignore[import-untyped]  # comes with moto, without its types


class InvalidAppSpec(Exception):
    """The AppSpec file says nothing that can be deployed; the message says why."""


@dataclass(frozen=True)
class Shift:
    """From which version to which an alias of a function is to be moved."""

    function: str
    alias: str
    current: str
    target: str

    def back(self) -> "Shift":
        """Return the way back."""
        return Shift(self.function, self.alias, self.target, self.current)

    def revision(self) -> dict[str, Any]:
        """Return it as CodeDeploy keeps a revision."""
        properties = {
            "Name": self.function,
            "Alias": self.alias,
            "CurrentVersion": self.current,
            "TargetVersion": self.target,
        }
        resource = {"Type": "AWS::Lambda::Function", "Properties": properties}
        content = json.dumps({"version": 0.0, "Resources": [{self.function: resource}]})
        digest = hashlib.sha256(content.encode()).hexdigest()
        return {"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": digest}}


def content_of(revision: Mapping[str, Any]) -> str:
    """Return a revision's AppSpec file.

    Raises:
        InvalidAppSpec: it is not in the request itself, or not what its hash says.
    """
    kind = revision.get("revisionType")
    inline = {"AppSpecContent": "appSpecContent", "String": "string"}.get(str(kind))
    given = revision.get(inline) if inline else None
    if not given or not given.get("content"):
        raise InvalidAppSpec(f"the local AWS takes revisions of type AppSpecContent or String, not {kind}")
    content = str(given["content"])
    if given.get("sha256") not in {None, hashlib.sha256(content.encode()).hexdigest()}:
        raise InvalidAppSpec("the hash is another content's")
    return content


def shift_of(content: str) -> Shift:
    """Return the shift an AppSpec file asks for.

    Raises:
        InvalidAppSpec: it asks for none, for several, or for hooks.
    """
    try:
        said = yaml.safe_load(content)  # JSON is YAML
        if said.get("Hooks"):
            raise InvalidAppSpec("the local AWS runs no lifecycle hooks (BeforeAllowTraffic, AfterAllowTraffic)")
        (resource,) = said["Resources"]
        ((_, described),) = resource.items()
        properties = described["Properties"]
        shift = Shift(*(str(properties[name]) for name in ("Name", "Alias", "CurrentVersion", "TargetVersion")))
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidAppSpec("it names no function with Name, Alias, CurrentVersion and TargetVersion") from error
    if described.get("Type") != "AWS::Lambda::Function":
        raise InvalidAppSpec("its resource is not of type AWS::Lambda::Function")
    if shift.current == shift.target:
        raise InvalidAppSpec("CurrentVersion and TargetVersion are the same")
    return shift
