"""Cognito user pools, where what a client calls for itself needs no permission, and roles to be assumed."""

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.permission import Permission

_UNSIGNED = {
    "AssociateSoftwareToken",
    "ChangePassword",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "DeleteUser",
    "DeleteUserAttributes",
    "ForgotPassword",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GlobalSignOut",
    "InitiateAuth",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SetUserMFAPreference",
    "SignUp",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
}
"""Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html"""


def user_pools(call: Call) -> list[Permission]:
    """Return what a Cognito call needs, on the user pool it names."""
    if call.operation in _UNSIGNED:
        return []
    pool = call.parameters.get("UserPoolId")
    return [Permission(f"cognito-idp:{call.operation}", call.arn(f"userpool/{pool}") if pool else "*")]


def roles(call: Call) -> list[Permission]:
    """Return what a call to STS needs, on the role it is to assume."""
    return [Permission(f"sts:{call.operation}", call.parameters.get("RoleArn", "*"))]
