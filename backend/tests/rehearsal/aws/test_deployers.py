"""Trying what a role must not do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.rehearsal.aws.calls import allow

from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.deployers.account import Account
from rehearsal.deployers.refusals import Attempt, done


class TestDone:
    """Attempts."""

    def test_names_what_was_not_refused(
        self, local_aws: LocalAws, as_role: Callable[..., Callable[[str], Any]], bucket: str, tmp_path: Path
    ) -> None:
        """What a role may do, though it must not, is told; so is what failed for another reason than a refusal."""
        signer = as_role(allow(["s3:GetObject", "s3:ListBucket"]))("s3")._request_signer._credentials
        keys = {"key": signer.access_key, "secret": signer.secret_key, "token": signer.token}
        here, nowhere = {"Bucket": bucket, "Key": "here"}, {"Bucket": bucket, "Key": "nowhere"}
        attempts = [
            Attempt("reading", "s3", "get_object", here),
            Attempt("reading what is not there", "s3", "get_object", nowhere),
            Attempt("deleting", "s3", "delete_object", here),
        ]
        with Children() as children:
            account = Account(local_aws.url, "us-east-1", tmp_path, children, {})
            assert ["reading", "reading what is not there"] == done(account, keys, iter(attempts))
