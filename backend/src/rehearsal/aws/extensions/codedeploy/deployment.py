"""A deployment of Lambda: moves an alias step by step, watched by alarms, and back when it must.

Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
"""

import secrets
import string
from collections.abc import Callable, Sequence
from threading import Event, Thread
from time import monotonic
from typing import Any

from moto.codedeploy.models import DeploymentInfo
from moto.core.utils import utcnow

from rehearsal.aws.extensions.codedeploy.alias_shifter import AliasShifter, Refused
from rehearsal.aws.extensions.codedeploy.appspec import InvalidAppSpec, Shift, content_of, shift_of
from rehearsal.aws.extensions.codedeploy.configurations import Step
from rehearsal.aws.time_scale import scaled

ACTIVE = frozenset({"Created", "Queued", "InProgress", "Ready"})
_GLANCE_SECONDS = 0.1
_ALPHABET = string.ascii_uppercase + string.digits

BeginRollback = Callable[["Deployment", Shift], "Deployment"]


class _Ended(Exception):
    """The deployment ends before its traffic has moved: `event` is the one that a group may roll back on."""

    def __init__(self, status: str, event: str, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.event = event
        self.code = code


class Deployment(DeploymentInfo):
    """One deployment as CodeDeploy shows it, and what it does."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.deployment_id = f"d-{''.join(secrets.choice(_ALPHABET) for _ in range(9))}"
        self.error_information: dict[str, str] = {}
        self.rollback_info: dict[str, str] = {}
        self.shift: Shift | None = None
        self.percent = 0
        self._stop_rolls_back: bool | None = None
        self._is_stopping = False
        self._wake = Event()

    def start(self, shifter: AliasShifter, steps: Sequence[Step], begin_rollback: BeginRollback) -> None:
        """Begin, in a thread of its own, to move traffic by `steps`."""
        Thread(target=self._run, args=(shifter, steps, begin_rollback), daemon=True).start()

    def go_back(self, shifter: AliasShifter, shift: Shift) -> None:
        """Give all traffic to the target of `shift` at once: what a rollback does."""
        self.start_time, self.shift = utcnow(), shift
        try:
            shifter.move(shift, 100)
        except Refused as refused:
            self._conclude("Failed", refused.code, str(refused))
            return
        self.percent = 100
        self._conclude("Succeeded")

    def stop(self, *, rolls_back: bool | None) -> None:
        """Have it end soon; `rolls_back` None leaves it to the group whether traffic goes back."""
        self._stop_rolls_back = rolls_back
        self._is_stopping = True
        self._wake.set()

    def _run(self, shifter: AliasShifter, steps: Sequence[Step], begin_rollback: BeginRollback) -> None:
        self.start_time, self.status = utcnow(), "InProgress"
        self.deployment_overview["InProgress"] = 1
        try:
            self._move_all(shifter, steps)
        except _Ended as ended:
            if self.shift and self.percent and self._rolls_back_on(ended.event):
                rollback = begin_rollback(self, self.shift)
                self.rollback_info = {
                    "rollbackDeploymentId": rollback.deployment_id,
                    "rollbackMessage": f"The deployment was rolled back by {rollback.deployment_id}.",
                }
            self._conclude(ended.status, ended.code, str(ended))
            return
        self._conclude("Succeeded")

    def _move_all(self, shifter: AliasShifter, steps: Sequence[Step]) -> None:
        try:
            self.shift = shift_of(content_of(self.revision))
            shifter.require_shiftable(self.shift)
            self._glance(shifter)
            for step in steps:
                shifter.move(self.shift, step.percent)
                self.percent = step.percent
                self._wait(shifter, scaled(step.minutes * 60))
        except InvalidAppSpec as error:
            message = (
                "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration "
                f"is missing or has an invalid configuration: {error}."
            )
            raise _Ended("Failed", "DEPLOYMENT_FAILURE", "INVALID_LAMBDA_CONFIGURATION", message) from error
        except Refused as refused:
            raise _Ended("Failed", "DEPLOYMENT_FAILURE", refused.code, str(refused)) from refused

    def _wait(self, shifter: AliasShifter, seconds: float) -> None:
        deadline = monotonic() + seconds
        while (left := deadline - monotonic()) > 0:
            self._wake.wait(min(left, _GLANCE_SECONDS))
            self._glance(shifter)

    def _glance(self, shifter: AliasShifter) -> None:
        if self._is_stopping:
            raise _Ended(
                "Stopped", "DEPLOYMENT_STOP_ON_REQUEST", "MANUAL_STOP", "The deployment was stopped by a user."
            )
        if ringing := shifter.ringing(self._alarms()):
            message = (
                "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and "
                f"the affected deployments have been stopped. Activated alarms: {', '.join(ringing)}"
            )
            raise _Ended("Stopped", "DEPLOYMENT_STOP_ON_ALARM", "ALARM_ACTIVE", message)

    def _alarms(self) -> list[str]:
        configured: Any = self.override_alarm_configuration or self.deployment_group.alarm_configuration or {}
        return [alarm["name"] for alarm in configured.get("alarms", [])] if configured.get("enabled") else []

    def _rolls_back_on(self, event: str) -> bool:
        if self._is_stopping and self._stop_rolls_back is not None:
            return self._stop_rolls_back
        configured = self.auto_rollback_configuration or self.deployment_group.auto_rollback_configuration or {}
        return bool(configured.get("enabled")) and event in configured.get("events", [])

    def _conclude(self, status: str, code: str = "", message: str = "") -> None:
        """Whoever sees the last status finds all the rest as it is to stay."""
        counted = status if status == "Succeeded" else "Failed"
        self.deployment_overview = {**dict.fromkeys(self.deployment_overview, 0), counted: 1}
        self.error_information = {"code": code, "message": message} if code else {}
        self.complete_time = utcnow()
        self.status = status
