"""Who is asking, in which account and region: every call of AWS's goes through here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from deployment.environment import Environment
from deployment.errors import CredentialsUnusable, StepFailed

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
_UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId"}
_SKEWED = {"RequestTimeTooSkewed", "RequestInTheFuture"}
_SKEWED_WORDS = ("Signature expired:", "Signature not yet current:")
_REMEDY = "sign in (aws sso login, or aws login), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_PATIENCE = Config(connect_timeout=10, retries={"mode": "standard", "total_max_attempts": 5})
EXPIRED_WORDS = ("ExpiredToken", "token included in the request is expired", "RequestExpired")
"""What Terraform's messages have in them when its keys have run out."""


@dataclass(frozen=True)
class Account:
    """An account as somebody who may act there sees it."""

    id: str
    partition: str
    arn: str
    region: str
    session: boto3.Session

    def client(self, service: str, config: Config | None = None) -> Any:
        """Return a client of one of AWS's services."""
        return self.session.client(service, region_name=self.region, config=_PATIENCE.merge(config or Config()))


def account_of(environment: Environment, environ: Mapping[str, str]) -> Account:
    """Return the account the user's keys open.

    Raises:
        CredentialsUnusable: there are none, they have expired, or they open another account than the environment's.
    """
    try:
        # keys go before a profile, as Terraform has it: both have to see one account
        profile = None if environ.get("AWS_ACCESS_KEY_ID") else environ.get("AWS_PROFILE") or None
        session = boto3.Session(profile_name=profile, region_name=environment.region)
        who = session.client("sts", config=_PATIENCE).get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise credentials_problem(error) or StepFailed("Asking AWS who we are", str(error)) from error
    account_id, wanted = str(who["Account"]), environment.account_id
    if wanted and wanted != account_id:
        raise CredentialsUnusable(
            f"these keys open account {account_id} (as {who['Arn']}), but {environment.folder} belongs in {wanted}"
            " (aws_account_id of its terraform.tfvars): take another AWS_PROFILE, or other keys"
        )
    return Account(account_id, who["Arn"].split(":")[1], who["Arn"], environment.region, session)


def credentials_problem(error: Exception) -> CredentialsUnusable | None:
    """Return what is wrong with the keys, if it is they that `error` comes from."""
    words = _problem(error, error.response["Error"].get("Code", "") if isinstance(error, ClientError) else "")
    return CredentialsUnusable(words) if words else None


def _problem(error: Exception, code: str) -> str:
    words = ""
    if code in _SKEWED or any(said in str(error) for said in _SKEWED_WORDS):
        words = f"AWS finds this machine's clock wrong: set it and run this again ({error})"
    elif code in _EXPIRED or isinstance(error, TokenRetrievalError | SSOError):
        words = f"the AWS credentials have expired: {_REMEDY}"
    elif code in _UNKNOWN:
        words = f"AWS does not know these credentials ({code}): {_REMEDY}"
    elif isinstance(error, NoCredentialsError | PartialCredentialsError):
        words = f"there are no AWS credentials: {_REMEDY}"
    elif isinstance(error, ProfileNotFound):
        words = f"{error}: aws configure list-profiles tells which there are"
    elif isinstance(error, EndpointConnectionError):
        words = f"AWS does not answer ({error}): look at the network, and at AWS_ENDPOINT_URL"
    return words


def expired() -> CredentialsUnusable:
    """Return what to say when keys run out midway."""
    return CredentialsUnusable(f"the AWS credentials have expired: {_REMEDY}")
