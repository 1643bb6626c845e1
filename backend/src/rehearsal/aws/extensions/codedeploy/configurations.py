"""Deployment configurations of Lambda: AWS's own and those that are made, and the steps each of them means.

Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import CodeDeployBackend
from moto.core.utils import utcnow

_OWN = "CodeDeployDefault."
_LONGEST_MINUTES = 2880
_made: WeakKeyDictionary[CodeDeployBackend, dict[str, dict[str, Any]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Step:
    """A share of the callers, 1 to 100, that goes to the new version, and how long until the next step."""

    percent: int
    minutes: int = 0


def predefined() -> dict[str, dict[str, Any]]:
    """Return what AWS has for Lambda, by name."""
    canaries = {
        f"{_OWN}LambdaCanary10Percent{minutes}Minutes": _routing("canary", 10, minutes) for minutes in (5, 10, 15, 30)
    }
    linears = {
        f"{_OWN}LambdaLinear10PercentEvery{minutes}Minute{'' if minutes == 1 else 's'}": _routing("linear", 10, minutes)
        for minutes in (1, 2, 3, 10)
    }
    everything = {f"{_OWN}LambdaAllAtOnce": {"type": "AllAtOnce"}, **canaries, **linears}
    return {name: _configuration(name, routing) for name, routing in everything.items()}


def all_of(backend: CodeDeployBackend) -> dict[str, dict[str, Any]]:
    """Return every configuration there is for Lambda, by name."""
    return {**predefined(), **_made.get(backend, {})}


def make(backend: CodeDeployBackend, name: str, platform: str, routing: dict[str, Any]) -> str:
    """Keep a configuration; return its id.

    Raises:
        CodeDeployException: it is there already, or says nothing that makes sense.
    """
    if name in all_of(backend):
        raise CodeDeployException(
            "DeploymentConfigAlreadyExistsException", f"Deployment Configuration {name} already exists"
        )
    if name.startswith(_OWN):
        raise CodeDeployException(
            "InvalidDeploymentConfigNameException", f"Names that begin with {_OWN} are CodeDeploy's own"
        )
    if platform != "Lambda":
        raise CodeDeployException("InvalidComputePlatformException", "Only the Lambda platform is emulated")
    _require_sense(steps_of(routing))
    kept = _made.setdefault(backend, {})
    kept[name] = _configuration(name, routing)
    return str(kept[name]["deploymentConfigId"])


def find(backend: CodeDeployBackend, name: str) -> dict[str, Any]:
    """Return a configuration.

    Raises:
        CodeDeployException: there is none of that name.
    """
    try:
        return all_of(backend)[name]
    except KeyError:
        raise CodeDeployException(
            "DeploymentConfigDoesNotExistException", f"No Deployment Configuration found for name: {name}"
        ) from None


def delete(backend: CodeDeployBackend, name: str) -> None:
    """Forget a configuration; fine when there is none.

    Raises:
        CodeDeployException: a group uses it.
    """
    groups = [group for groups in backend.deployment_groups.values() for group in groups.values()]
    if any(group.deployment_config_name == name for group in groups):
        raise CodeDeployException("DeploymentConfigInUseException", f"Deployment Configuration {name} is in use")
    _made.get(backend, {}).pop(name, None)


def steps_of(routing: dict[str, Any]) -> Sequence[Step]:
    """Return what traffic goes through, the last step being all of it.

    Raises:
        CodeDeployException: the routing is of no known type, or lacks its percentage or interval.
    """
    try:
        match routing["type"]:
            case "AllAtOnce":
                return [Step(100)]
            case "TimeBasedCanary":
                canary = routing["timeBasedCanary"]
                return [Step(canary["canaryPercentage"], canary["canaryInterval"]), Step(100)]
            case "TimeBasedLinear":
                linear = routing["timeBasedLinear"]
                share, minutes = linear["linearPercentage"], linear["linearInterval"]
                return [*(Step(percent, minutes) for percent in range(share, 100, share)), Step(100)]
            case other:
                raise _senseless(f"{other} is no type of traffic routing")
    except (KeyError, TypeError) as error:
        raise _senseless("it lacks its percentage or its interval") from error


def _require_sense(steps: Sequence[Step]) -> None:
    if not all(1 <= step.percent <= 99 and step.minutes >= 1 for step in steps[:-1]):
        raise _senseless("a step takes 1 to 99 percent and lasts at least a minute")
    if sum(step.minutes for step in steps) > _LONGEST_MINUTES:
        raise _senseless(f"it lasts more than {_LONGEST_MINUTES} minutes")


def _senseless(why: str) -> CodeDeployException:
    return CodeDeployException(
        "InvalidTrafficRoutingConfigurationException", f"The traffic routing configuration is invalid: {why}"
    )


def _routing(kind: str, percent: int, minutes: int) -> dict[str, Any]:
    return {
        "type": f"TimeBased{kind.capitalize()}",
        f"timeBased{kind.capitalize()}": {f"{kind}Percentage": percent, f"{kind}Interval": minutes},
    }


def _configuration(name: str, routing: dict[str, Any]) -> dict[str, Any]:
    return {
        "deploymentConfigId": str(uuid4()),
        "deploymentConfigName": name,
        "computePlatform": "Lambda",
        "createTime": utcnow(),
        "trafficRoutingConfig": routing,
    }
