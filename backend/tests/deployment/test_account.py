"""Whose keys these are: asked of a server that answers as AWS does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from deployment.account import account_of
from deployment.environment import Environment
from deployment.errors import CredentialsUnusable
from deployment.terraform.program import SOURCES

ENVIRONMENT = Environment("dev", SOURCES, {"aws_region": "eu-central-1"})
WHO = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::111122223333:assumed-role/deployer/me</Arn><UserId>A</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
ERROR = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>{code}</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>"""


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """Yield the address of a server that has one answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's signature
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process keys, and nothing else that AWS's SDK would look at."""
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


class TestAccountOf:
    """Asking AWS who we are."""

    def test_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The account and the name there are told."""
        with answering(200, WHO) as url:
            monkeypatch.setenv("AWS_ENDPOINT_URL", url)
            account = account_of(ENVIRONMENT, {})
        assert ("111122223333", "aws", "eu-central-1") == (account.id, account.partition, account.region)

    def test_another_account(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An environment that belongs elsewhere is not touched."""
        elsewhere = replace(ENVIRONMENT, values={**ENVIRONMENT.values, "aws_account_id": "444455556666"})
        with answering(200, WHO) as url:
            monkeypatch.setenv("AWS_ENDPOINT_URL", url)
            with pytest.raises(CredentialsUnusable) as refused:
                account_of(elsewhere, {})
        assert "these keys open account 111122223333" in str(refused.value)
        assert "dev belongs in 444455556666" in str(refused.value)

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("ExpiredToken", "the AWS credentials have expired: sign in"),
            ("InvalidClientTokenId", "AWS does not know these credentials"),
            ("SignatureDoesNotMatch", "AWS does not know these credentials"),
        ],
    )
    def test_refused(self, monkeypatch: pytest.MonkeyPatch, code: str, words: str) -> None:
        """What is wrong with the keys is said, and what to do."""
        with answering(403, ERROR.format(code=code)) as url:
            monkeypatch.setenv("AWS_ENDPOINT_URL", url)
            with pytest.raises(CredentialsUnusable, match=words):
                account_of(ENVIRONMENT, {})

    def test_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without keys it is said how to get some."""
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(CredentialsUnusable, match="there are no AWS credentials: sign in"):
            account_of(ENVIRONMENT, {})

    def test_keys_before_a_profile(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Where the shell has keys and a profile, both Terraform and this take the keys."""
        other = "[other]\naws_access_key_id = others\naws_secret_access_key = others\n"
        (tmp_path / "credentials").write_text(other)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        monkeypatch.setenv("AWS_PROFILE", "other")
        shell = {"AWS_PROFILE": "other", "AWS_ACCESS_KEY_ID": "key"}
        with answering(200, WHO) as url:
            monkeypatch.setenv("AWS_ENDPOINT_URL", url)
            assert "key" == account_of(ENVIRONMENT, shell).session.get_credentials().access_key
            monkeypatch.delenv("AWS_ACCESS_KEY_ID")
            assert "others" == account_of(ENVIRONMENT, {"AWS_PROFILE": "other"}).session.get_credentials().access_key

    def test_wrong_clock(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A clock that is off is not taken for wrong keys."""
        late = ERROR.format(code="SignatureDoesNotMatch").replace("The security", "Signature expired: 2026 is past")
        with answering(403, late) as url:
            monkeypatch.setenv("AWS_ENDPOINT_URL", url)
            with pytest.raises(CredentialsUnusable, match="AWS finds this machine's clock wrong"):
                account_of(ENVIRONMENT, {})

    def test_no_such_profile(self) -> None:
        """A profile that is none is named."""
        with pytest.raises(CredentialsUnusable, match="nobody"):
            account_of(ENVIRONMENT, {"AWS_PROFILE": "nobody"})

    def test_nobody_answers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An address nothing serves at is named."""
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        with pytest.raises(CredentialsUnusable, match="AWS does not answer"):
            account_of(ENVIRONMENT, {})
