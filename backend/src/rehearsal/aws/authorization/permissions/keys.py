"""Secrets, SSM parameters, keys and certificates: names and aliases are looked up, for policies speak of full ARNs."""

from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.permission import Permission


def secrets(call: Call) -> list[Permission]:
    """Return what a Secrets Manager call needs, on the secret's full ARN with its six random characters."""
    action = f"secretsmanager:{call.operation}"
    if call.operation == "BatchGetSecretValue":
        listed = call.parameters.get("SecretIdList") or []
        single = [Permission("secretsmanager:GetSecretValue", _secret(call, one)) for one in listed]
        return [Permission(action, "*"), *single]
    name = call.parameters.get("SecretId") or call.parameters.get("Name")
    context = {
        "secretsmanager:versionstage": [str(call.parameters.get("VersionStage", "AWSCURRENT"))],
        "secretsmanager:secretid": [str(name)],
    }
    return [Permission(action, _secret(call, name) if name else "*", context)]


def ssm_parameters(call: Call) -> list[Permission]:
    """Return what a call to SSM's parameter store needs: one permission for each parameter, or for the path."""
    parameters = call.parameters
    names = parameters.get("Names") or [parameters.get("Name") or parameters.get("Path")]
    if "Parameter" not in call.operation or names == [None]:
        return [Permission(f"ssm:{call.operation}", "*")]
    return [Permission(f"ssm:{call.operation}", _parameter(call, name)) for name in names]


def kms(call: Call) -> list[Permission]:
    """Return what a KMS call needs, on the key that its id, ARN or alias means."""
    key = call.parameters.get("KeyId")
    context = {
        f"kms:encryptioncontext:{name.lower()}": [value]
        for name, value in (call.parameters.get("EncryptionContext") or {}).items()
    }
    given = {tag["TagKey"]: tag["TagValue"] for tag in call.parameters.get("Tags") or ()}
    context |= {f"aws:requesttag/{name.lower()}": [value] for name, value in given.items()}
    if not key:
        return [Permission(f"kms:{call.operation}", "*", context)]
    resource = _key(call, key)
    borne = kms_backends[call.account][call.region].tagger.get_tag_dict_for_resource(resource.rpartition("/")[2])
    context |= {f"aws:resourcetag/{name.lower()}": [value] for name, value in borne.items()}
    return [Permission(f"kms:{call.operation}", resource, context)]


def certificates(call: Call) -> list[Permission]:
    """Return what a call to Certificate Manager needs: on the certificate; to request one, on any, with its tags."""
    given = {tag["Key"]: tag.get("Value", "") for tag in call.parameters.get("Tags") or ()}
    context = {f"aws:requesttag/{name.lower()}": [value] for name, value in given.items()}
    return [Permission(f"acm:{call.operation}", str(call.parameters.get("CertificateArn") or "*"), context)]


def _secret(call: Call, name: str) -> str:
    backend = secretsmanager_backends[call.account][call.region]
    for secret in list(backend.secrets.values()):
        if name in {secret.name, secret.arn} or (name.startswith("arn:") and secret.arn.startswith(f"{name}-")):
            return str(secret.arn)
    # AWS asks for a secret that is not there by a name nobody can have guessed
    return name if name.startswith("arn:") else call.arn(f"secret:{name}-??????")


def _parameter(call: Call, name: str) -> str:
    if name.startswith("arn:"):
        return name
    plain = name.split(":", 1)[0].strip("/")  # a version or label follows a colon
    return call.arn(f"parameter/{plain}")


def _key(call: Call, key: str) -> str:
    if key.startswith("arn:") and ":alias/" not in key:
        return key
    backend = kms_backends[call.account][call.region]
    name = key.rpartition(":")[2]
    found = backend.get_key_id_from_alias(name) if name.startswith("alias/") else name
    return call.arn(f"key/{found or name}")
