"""CodeDeploy's deployments: one a function, all of them or none.

Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deployment.account import Account, credentials_problem
from deployment.errors import ReleaseFailed
from deployment.release.functions import Function, live

STEP = "Shifting callers"
_AT_ONCE = "CodeDeployDefault.LambdaAllAtOnce"
# Whoever goes back does so while alarms ring: they must not stop that as well.
_UNWATCHED = {"enabled": False, "alarms": []}
_UNDER_WAY = ["Created", "Queued", "InProgress", "Ready"]
_OVER = {"Succeeded", "Failed", "Stopped"}
_STOPPED_ALREADY = {"DeploymentAlreadyCompletedException", "DeploymentDoesNotExistException"}
_GLANCE_SECONDS = 2.0


@dataclass(frozen=True)
class Move:
    """The alias of a function on its way from one version to another."""

    function: Function
    before: str
    after: str
    deployment: str = ""

    def __str__(self) -> str:
        return f"{self.function.name} {self.before} -> {self.after}"


class TrafficShift:
    """Moves aliases.

    Args:
        account: whose.
        application: the name of the CodeDeploy application.
        pause: waits so many seconds between two looks.
    """

    def __init__(self, account: Account, application: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._account = account
        self._codedeploy = account.client("codedeploy")
        self._application = application
        self._pause = pause

    def under_way(self, function: Function) -> Move | None:
        """Return the move that somebody has set going already, if there is one."""
        found = self._codedeploy.list_deployments(
            applicationName=self._application,
            deploymentGroupName=function.group,
            includeOnlyStatuses=_UNDER_WAY,
        )["deployments"]
        for deployment in found:
            content = self._codedeploy.get_deployment(deploymentId=deployment)["deploymentInfo"]["revision"]
            wanted = _properties(content)
            return Move(function, wanted["CurrentVersion"], wanted["TargetVersion"], deployment)
        return None

    def start(self, move: Move, *, at_once: bool = False) -> Move:
        """Set a move going: in steps as the deployment group says, or all callers at once.

        Raises:
            ReleaseFailed: CodeDeploy does not take it; another of this function's may be under way.
        """
        content = _app_spec(move)
        options = {"deploymentConfigName": _AT_ONCE, "overrideAlarmConfiguration": _UNWATCHED} if at_once else {}
        try:
            found = self._codedeploy.create_deployment(
                applicationName=self._application,
                deploymentGroupName=move.function.group,
                description=f"version {move.before} to {move.after}",
                revision={
                    "revisionType": "AppSpecContent",
                    "appSpecContent": {"content": content, "sha256": hashlib.sha256(content.encode()).hexdigest()},
                },
                **options,
            )
        except ClientError as error:
            raise credentials_problem(error) or ReleaseFailed(f"{move} was not begun: {error}") from error
        return Move(move.function, move.before, move.after, found["deploymentId"])

    def watch(self, moves: Sequence[Move], note: Callable[[str], None]) -> None:
        """Return when every move has come to its end.

        Raises:
            ReleaseFailed: one has failed or was stopped; CodeDeploy has taken that one back, the others may go on.
        """
        while True:
            states = {move: self._info(move) for move in moves}
            note(", ".join(self._words(move, info) for move, info in states.items()))
            if lost := [
                self._why(move, info) for move, info in states.items() if info["status"] in {"Failed", "Stopped"}
            ]:
                raise ReleaseFailed("\n".join(lost))
            if all(info["status"] == "Succeeded" for info in states.values()):
                return
            self._pause(_GLANCE_SECONDS)

    def roll_back(self, moves: Sequence[Move], note: Callable[[str], None]) -> None:
        """Return when every function of these is at the version it was at before, whatever has become of its move.

        Raises:
            ReleaseFailed: one could not be.
        """
        for move in moves:
            self._stop(move)
        backwards = []
        for move in moves:
            self._settle(move)
            now = live(self._account, move.function)
            if now.version != move.before or now.next_version:
                backwards.append(self.start(Move(move.function, now.version, move.before), at_once=True))
        self.watch(backwards, note)

    def last(self, function: Function) -> Mapping[str, Any] | None:
        """Return CodeDeploy's report of the last deployment of a function, if there was one."""
        return next(iter(self._history(function)), None)

    def came_from(self, function: Function, version: str) -> str:
        """Return what callers had before they were moved forward to this version; empty where nobody knows."""
        for info in self._history(function):
            moved = _properties(info.get("revision") or {})
            before, after = moved["CurrentVersion"], moved["TargetVersion"]
            if info["status"] == "Succeeded" and after == version and before.isdigit() and int(before) < int(after):
                return before
        return ""

    def _history(self, function: Function) -> list[Mapping[str, Any]]:
        """Return the last deployments of a function, the newest first."""
        found = self._codedeploy.list_deployments(
            applicationName=self._application, deploymentGroupName=function.group
        )["deployments"]
        infos = self._codedeploy.batch_get_deployments(deploymentIds=found[:25])["deploymentsInfo"] if found else []
        return sorted(infos, key=lambda info: info["createTime"], reverse=True)

    def _info(self, move: Move) -> Mapping[str, Any]:
        info: Mapping[str, Any] = self._codedeploy.get_deployment(deploymentId=move.deployment)["deploymentInfo"]
        return info

    def _stop(self, move: Move) -> None:
        try:
            if self._info(move)["status"] not in _OVER:
                self._codedeploy.stop_deployment(deploymentId=move.deployment, autoRollbackEnabled=True)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _STOPPED_ALREADY:
                raise

    def _settle(self, move: Move) -> None:
        """Wait for the end of it, and of the rollback that CodeDeploy has set going for it."""
        while (info := self._info(move))["status"] not in _OVER:
            self._pause(_GLANCE_SECONDS)
        back = (info.get("rollbackInfo") or {}).get("rollbackDeploymentId")
        if back and back != move.deployment:
            self._settle(Move(move.function, move.after, move.before, back))

    def _words(self, move: Move, info: Mapping[str, Any]) -> str:
        now = live(self._account, move.function)
        share = f", {now.next_share:.0%} of callers" if now.next_version else ""
        return f"{move}: {info['status']}{share}"

    def _why(self, move: Move, info: Mapping[str, Any]) -> str:
        told = info.get("errorInformation") or {}
        said = f"{told.get('code', '')}: {told.get('message', '')}".strip(": ") or "it does not say why"
        return f"{move}, deployment {move.deployment} is {info['status']}: {said}"


def _app_spec(move: Move) -> str:
    properties = {
        "Name": move.function.name,
        "Alias": move.function.alias,
        "CurrentVersion": move.before,
        "TargetVersion": move.after,
    }
    resource = {"Type": "AWS::Lambda::Function", "Properties": properties}
    return json.dumps({"version": 0.0, "Resources": [{move.function.key: resource}]})


def _properties(revision: Mapping[str, Any]) -> Mapping[str, str]:
    content = (revision.get("appSpecContent") or revision.get("string") or {}).get("content", "")
    try:
        resources = json.loads(content)["Resources"]
        found: Mapping[str, str] = next(iter(resources[0].values()))["Properties"]
    except (ValueError, LookupError, TypeError, AttributeError):
        return {"CurrentVersion": "?", "TargetVersion": "?"}
    return found
