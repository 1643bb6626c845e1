"""ECR. Stock moto gives everybody the same token, long ended, for a registry that is not there."""

from base64 import b64encode

from moto.core.responses import ActionResult
from moto.ecr.responses import ECRResponse

from rehearsal.aws.registry.passwords import USER, Whose, passwords


def get_authorization_token(self: ECRResponse) -> ActionResult:
    """Return a password for the registry on this very port."""
    given = []
    for account in self._get_param("registryIds") or [self.current_account]:
        password, ends = passwords.give(Whose(str(account), self.region))
        given.append(
            {
                "authorizationToken": b64encode(f"{USER}:{password}".encode()).decode(),
                "expiresAt": ends,
                "proxyEndpoint": f"http://{self.headers['Host']}",
            }
        )
    return ActionResult({"authorizationData": given})


def install() -> None:
    """Put these in place of moto's own."""
    ECRResponse.get_authorization_token = get_authorization_token  # type: ignore[method-assign]  # so that it is found
