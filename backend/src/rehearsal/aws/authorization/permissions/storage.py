"""ECR's repositories, and S3, where the action depends on the operation, the version asked for and what is there."""

from urllib.parse import unquote

from moto.s3.exceptions import HeadOnDeleteMarker, S3ClientError
from moto.s3.models import s3_backends

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.permission import Permission

_ACTIONS = {
    "AbortMultipartUpload": "AbortMultipartUpload",
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PostObject": "PutObject",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "PutObject": "PutObject",
    "UploadPart": "PutObject",
}
_VERSIONED = {"GetObject", "DeleteObject", "GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"}
_READS = {"GetObject", "HeadObject", "GetObjectAttributes"}
_ANY_BUCKET = "arn:aws:s3:::*"


def objects(call: Call) -> list[Permission]:
    """Return what an S3 call needs.

    Reading an object that is not there also needs `s3:ListBucket`, or S3 says 403. A condition on `s3:prefix` is then
    about the object's key, which AWS does not document; it was seen there.
    Source: https://github.com/kopia/kopia/pull/3072, https://github.com/ceph/ceph/pull/68577
    """
    parameters = call.parameters
    bucket, key = parameters.get("Bucket"), parameters.get("Key")
    if bucket is None:
        return [Permission(f"s3:{_ACTIONS.get(call.operation, call.operation)}", _ANY_BUCKET)]
    if call.operation == "DeleteObjects":
        return [_deletion(bucket, one) for one in parameters["Delete"]["Objects"]]
    if call.operation in {"CopyObject", "UploadPartCopy"}:
        return [_source(parameters["CopySource"]), Permission("s3:PutObject", _arn(bucket, key))]
    if call.operation in _READS:
        return _reading(call, bucket, str(key))
    action = _ACTIONS.get(call.operation, call.operation)
    if action in _VERSIONED and parameters.get("VersionId"):
        action = f"{action}Version" if not action.endswith("Tagging") else f"{action[:-7]}VersionTagging"
    needs = [Permission(f"s3:{action}", _arn(bucket, key), _context(call))]
    if action == "PutObject" and parameters.get("Tagging"):
        needs.append(Permission("s3:PutObjectTagging", _arn(bucket, key)))
    return needs


def images(call: Call) -> list[Permission]:
    """Return what an ECR call needs, on the repositories it names."""
    parameters = call.parameters
    names = parameters.get("repositoryNames") or [parameters[n] for n in ("repositoryName",) if n in parameters]
    arns = [call.arn(f"repository/{name}") for name in names] or [parameters.get("resourceArn") or "*"]
    return [Permission(f"ecr:{call.operation}", arn) for arn in arns]


def _reading(call: Call, bucket: str, key: str) -> list[Permission]:
    is_version = bool(call.parameters.get("VersionId"))
    needs = [Permission("s3:GetObjectVersion" if is_version else "s3:GetObject", _arn(bucket, key))]
    if not is_version and not _exists(call.account, bucket, key):
        needs.append(Permission("s3:ListBucket", _arn(bucket, None), {"s3:prefix": [key]}))
    return needs


def _deletion(bucket: str, deleted: dict[str, str]) -> Permission:
    action = "s3:DeleteObjectVersion" if deleted.get("VersionId") else "s3:DeleteObject"
    return Permission(action, _arn(bucket, deleted["Key"]))


def _source(copy_source: str) -> Permission:
    path, _, version = copy_source.partition("?versionId=")
    return Permission("s3:GetObjectVersion" if version else "s3:GetObject", f"arn:aws:s3:::{unquote(path).lstrip('/')}")


def _arn(bucket: str, key: str | None) -> str:
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def _context(call: Call) -> dict[str, list[str]]:
    names = {
        "Prefix": "s3:prefix",
        "Delimiter": "s3:delimiter",
        "MaxKeys": "s3:max-keys",
        "ACL": "s3:x-amz-acl",
        "ServerSideEncryption": "s3:x-amz-server-side-encryption",
        "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "VersionId": "s3:versionid",
    }
    return {key: [str(call.parameters[name])] for name, key in names.items() if name in call.parameters}


def _exists(account: str, bucket: str, key: str) -> bool:
    try:
        found = s3_backends[account]["aws"].head_object(bucket, key)
    except (S3ClientError, HeadOnDeleteMarker):
        return False
    return found is not None
