"""Lambda. Stock moto

- forgets `DeadLetterConfig`, `LoggingConfig` and `SnapStart`, so every plan wants to set them again;
- ignores updates of these and of `KMSKeyArn`, `TracingConfig`, `ImageConfig` and `EphemeralStorage`;
- hides a reserved concurrency of 0, resolves an image named by digest wrongly and invents its `CodeSha256`;
- has no provisioned concurrency;
- answers an event source mapping's function without its alias.
"""

import json
from typing import Any
from urllib.parse import unquote

from moto.awslambda import models, urls
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.responses import LambdaResponse
from moto.core.common_types import TYPE_RESPONSE
from moto.core.utils import iso_8601_datetime_with_milliseconds

from rehearsal.aws.extensions import lambda_aliases
from rehearsal.aws.extensions.lambda_images import require_image

_PROVISIONED_PATH = r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency/?$"


class Function(models.LambdaFunction):
    """A function that gives back what it was given."""

    def __init__(self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        super().__init__(account_id, spec, region, version)
        self.provisioned: dict[str, dict[str, Any]] = {}
        self.dead_letter_config: dict[str, str] = {}
        self.logging_config: dict[str, str] = {}
        self.snap_start = "None"
        self._take(spec)

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:
        """Return the configuration as Lambda's API shows it."""
        is_published = str(self.version).isdigit() and self.snap_start != "None"
        logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}", **self.logging_config}
        more: dict[str, Any] = {
            "LoggingConfig": logging,
            "SnapStart": {"ApplyOn": self.snap_start, "OptimizationStatus": "On" if is_published else "Off"},
        }
        if self.dead_letter_config.get("TargetArn"):
            more["DeadLetterConfig"] = self.dead_letter_config
        return super().get_configuration(on_create) | more

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Change what `config_updates` names; return the configuration."""
        self._take(config_updates)
        if "KMSKeyArn" in config_updates:
            self.kms_key_arn = config_updates["KMSKeyArn"] or None
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "ImageConfig" in config_updates:
            self.image_config = models.ImageConfig(config_updates["ImageConfig"])
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        return super().update_configuration(config_updates)

    def get_code(self) -> dict[str, Any]:
        """Return the function as `GetFunction` shows it."""
        code = super().get_code()
        if "ImageUri" in self.code:
            repository = self.code["ImageUri"].partition("@")[0]
            repository = repository if repository == self.code["ImageUri"] else f"{repository}:"
            code["Code"]["ResolvedImageUri"] = f"{repository.rpartition(':')[0]}@sha256:{self.code_sha_256}"
        if self.reserved_concurrency is not None:
            code["Concurrency"] = {"ReservedConcurrentExecutions": self.reserved_concurrency}
        return code

    def _set_function_code(self, updated_spec: dict[str, Any]) -> None:
        require_image(updated_spec.get("ImageUri", ""))
        super()._set_function_code(updated_spec)
        digest = updated_spec.get("ImageUri", "").partition("@sha256:")[2]
        if digest:
            self.code_sha_256 = digest

    def _take(self, spec: dict[str, Any]) -> None:
        self.dead_letter_config = spec.get("DeadLetterConfig", self.dead_letter_config)
        self.logging_config = spec.get("LoggingConfig", self.logging_config)
        self.snap_start = spec.get("SnapStart", {}).get("ApplyOn", self.snap_start)


class SourceMapping(models.EventSourceMapping):
    """An event source mapping that remembers which alias or version it was given."""

    def __init__(self, spec: dict[str, Any]) -> None:
        super().__init__(spec)
        self._qualifier = _qualifier_of(spec["FunctionName"])

    def get_configuration(self) -> dict[str, Any]:
        """Return the mapping as Lambda's API shows it."""
        shown = super().get_configuration()
        if self._qualifier:
            account, _, name = shown["FunctionArn"].partition(":function:")
            shown["FunctionArn"] = f"{account}:function:{name.partition(':')[0]}:{self._qualifier}"
        return shown


def put_provisioned_concurrency_config(self: LambdaResponse) -> TYPE_RESPONSE:
    """Provide instances at once; AWS takes minutes and reports IN_PROGRESS meanwhile."""
    count = json.loads(self.body)["ProvisionedConcurrentExecutions"]
    config = {
        "RequestedProvisionedConcurrentExecutions": count,
        "AvailableProvisionedConcurrentExecutions": count,
        "AllocatedProvisionedConcurrentExecutions": count,
        "Status": "READY",
        "LastModified": iso_8601_datetime_with_milliseconds(),
    }
    _function(self).provisioned[_qualifier(self)] = config
    return 202, {"status": 202}, json.dumps(config)


def get_provisioned_concurrency_config(self: LambdaResponse) -> TYPE_RESPONSE:
    """Return what is provided at an alias or version."""
    config = _function(self).provisioned.get(_qualifier(self))
    if config is None:
        raise NoProvisionedConcurrency
    return 200, {}, json.dumps(config)


def delete_provisioned_concurrency_config(self: LambdaResponse) -> TYPE_RESPONSE:
    """Provide nothing any longer."""
    _function(self).provisioned.pop(_qualifier(self), None)
    return 204, {"status": 204}, ""


class NoProvisionedConcurrency(LambdaClientError):
    """Nothing is provided at this alias or version."""

    code = 404

    def __init__(self) -> None:
        super().__init__(
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
        )


def install() -> None:
    """Put these in place of moto's own."""
    lambda_aliases.install()
    models.LambdaFunction = Function  # type: ignore[misc]  # moto makes its functions by this name
    models.EventSourceMapping = SourceMapping  # type: ignore[misc]  # the same
    urls.url_paths[_PROVISIONED_PATH] = LambdaResponse.dispatch
    for operation in (
        put_provisioned_concurrency_config,
        get_provisioned_concurrency_config,
        delete_provisioned_concurrency_config,
    ):
        setattr(LambdaResponse, operation.__name__, operation)


def _function(response: LambdaResponse) -> Function:
    name = unquote(response.path.rstrip("/").rsplit("/", 2)[-2])
    found = response.backend.get_function(name)
    assert isinstance(found, Function)  # noqa: S101  none is made before `install`
    return found


def _qualifier(response: LambdaResponse) -> str:
    return str(response.querystring["Qualifier"][0])


def _qualifier_of(name_or_arn: str) -> str:
    return name_or_arn.rpartition("function:")[2].partition(":")[2]
