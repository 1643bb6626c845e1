"""What CodeDeploy does to aliases, and sees of alarms, as the role of a deployment group: held to its policies."""

from collections.abc import Sequence

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaAlias
from moto.awslambda.utils import get_backend
from moto.cloudwatch.models import cloudwatch_backends
from moto.iam.models import iam_backends

from rehearsal.aws.alias_events import alias_moved
from rehearsal.aws.authorization.roles import attached
from rehearsal.aws.extensions.codedeploy.appspec import Shift
from rehearsal.aws.policies import Request, decide, trusts

_PRINCIPAL = "codedeploy.amazonaws.com"


class Refused(Exception):
    """Something cannot be done; `code` is CodeDeploy's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class AliasShifter:
    """The group's role at work.

    Args:
        account: whose deployment it is.
        region: where.
        role_arn: the group's.
    """

    def __init__(self, account: str, region: str, role_arn: str) -> None:
        self._account = account
        self._region = region
        self._role_arn = role_arn
        self._functions = get_backend(account, region)

    def require_shiftable(self, shift: Shift) -> None:
        """Return if the alias stands at the shift's current version, and both versions exist.

        Raises:
            Refused: it does not, they do not, or the role may not look.
        """
        self._require("lambda:GetAlias", self._arn(shift))
        try:
            alias: LambdaAlias = self._functions.get_alias(shift.alias, shift.function)
            for version in (shift.current, shift.target):
                self._functions.get_function(f"{shift.function}:{version}")
        except (LambdaClientError, KeyError) as error:
            raise Refused(
                "INVALID_LAMBDA_FUNCTION",
                "The deployment failed because the Lambda function, its alias or one of its versions does not exist: "
                f"{shift.function}, {shift.alias}, {shift.current}, {shift.target}",
            ) from error
        if alias.function_version != shift.current:
            raise Refused(
                "INVALID_LAMBDA_CONFIGURATION",
                "The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration "
                "is missing or has an invalid configuration. The Lambda function alias version does not match the "
                "current version in AppSpec file.",
            )

    def move(self, shift: Shift, percent: int) -> None:
        """Let `percent` of the alias's callers have the shift's target, the others its current version.

        Raises:
            Refused: the role may not.
        """
        self._require("lambda:UpdateAlias", self._arn(shift))
        main, weights = (shift.target, {}) if percent == 100 else (shift.current, {shift.target: percent / 100})
        routing = {"AdditionalVersionWeights": weights}
        self._functions.update_alias(shift.alias, shift.function, main, None, routing)  # type: ignore[arg-type]  # moto takes what it says are strings for what they are
        alias_moved()

    def ringing(self, alarms: Sequence[str]) -> list[str]:
        """Return those of the alarms that are in ALARM.

        Raises:
            Refused: the role may not look.
        """
        known = cloudwatch_backends[self._account][self._region].alarms
        for name in alarms:
            self._require(
                "cloudwatch:DescribeAlarms", f"arn:aws:cloudwatch:{self._region}:{self._account}:alarm:{name}"
            )
        return [name for name in alarms if name in known and known[name].state_value == "ALARM"]

    def _arn(self, shift: Shift) -> str:
        return f"arn:aws:lambda:{self._region}:{self._account}:function:{shift.function}"

    def _require(self, action: str, resource: str) -> None:
        roles = iam_backends[self._account]["aws"].roles.values()
        role = next((role for role in list(roles) if role.arn == self._role_arn), None)
        context = {"aws:sourceaccount": [self._account]}
        trusted = role and trusts(role.arn, role.assume_role_policy_document, _PRINCIPAL, context).is_allowed
        if role is None or not trusted:
            raise Refused("IAM_ROLE_MISSING", f"CodeDeploy cannot assume the group's role: {self._role_arn}")
        if not decide(attached(role), Request(action, resource)).is_allowed:
            raise Refused("IAM_ROLE_PERMISSIONS", f"The group's role {self._role_arn} may not {action} on {resource}")
