"""Secrets by name: values stay in AWS Secrets Manager, and the environment holds where they are."""

import json
from contextlib import closing

from coachwork.chassis.errors import ConfigurationError, VariableProblem

VARIABLE = "COACHWORK_SECRETS_NAME"
"""Names a secret that is a JSON object of variables, such as {"DATABASE_URL": "...", "OPENAI_API_KEY": "..."}."""

_TIMEOUT_SECONDS = 3


def fetch_secrets(name: str, region: str) -> dict[str, str]:
    """Return the variables the secret holds; `region` is where it lies.

    Raises:
        ConfigurationError: there is no such secret, it may not be read, or it is no JSON object of texts.
    """
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    from coachwork.chassis.aws import new_session

    patience = Config(
        connect_timeout=_TIMEOUT_SECONDS, read_timeout=_TIMEOUT_SECONDS, retries={"total_max_attempts": 3}
    )
    try:
        # closed, so that a snapshot holds no connection
        with closing(new_session().create_client("secretsmanager", region_name=region, config=patience)) as client:
            text = client.get_secret_value(SecretId=name)["SecretString"]
    except ClientError as error:
        raise _unusable(f"could not be read: {error.response['Error']['Code']}") from error
    except (BotoCoreError, KeyError) as error:
        raise _unusable(f"could not be read: {type(error).__name__}") from error
    return _variables(text)


def _variables(text: str) -> dict[str, str]:
    try:
        values = json.loads(text)
    except ValueError:
        raise _unusable("names a secret that is not JSON") from None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise _unusable("names a secret that is not a JSON object of texts")
    return values


def _unusable(message: str) -> ConfigurationError:
    return ConfigurationError([VariableProblem(VARIABLE, message)])
