"""Where the settings are kept: two secrets of the account, one for the functions and one for migrations."""

import json
from collections.abc import Mapping

from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.environment import Environment
from deployment.errors import ConfigurationIncomplete

_ABSENT = "ResourceNotFoundException"
_MARKED = "InvalidRequestException"


class Store:
    """Reads what is stored; writing is Terraform's business.

    Args:
        environment: whose settings.
        account: where.
    """

    def __init__(self, environment: Environment, account: Account) -> None:
        self._environment = environment
        self._client = account.client("secretsmanager")

    def read(self) -> dict[str, str]:
        """Return everything that is stored, of both secrets; nothing where there are none yet.

        Raises:
            ConfigurationIncomplete: a secret waits for its deletion, and its name is taken so long.
        """
        names = (self._environment.settings_secret, self._environment.migrations_secret)
        return {name: value for secret in names for name, value in self._read(secret).items()}

    def _read(self, secret: str) -> Mapping[str, str]:
        try:
            found: Mapping[str, str] = json.loads(self._client.get_secret_value(SecretId=secret)["SecretString"])
        except ClientError as error:
            match error.response["Error"]["Code"]:
                case code if code == _ABSENT:
                    return {}
                case code if code == _MARKED:
                    raise ConfigurationIncomplete(_marked(secret)) from error
            raise
        return found


def _marked(secret: str) -> str:
    return (
        f"the secret {secret} waits for its deletion, and nothing can be stored under its name so long.\n"
        f"To go on without what it held: aws secretsmanager delete-secret --secret-id {secret}"
        " --force-delete-without-recovery"
    )
