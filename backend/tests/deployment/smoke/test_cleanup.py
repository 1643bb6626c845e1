"""What a smoke test that was cut off left in two functions, of which one may not touch what the other keeps."""

from typing import Any

from tests.deployment.load.service import serving

from deployment.smoke.cleanup import cleanup
from deployment.smoke.client import ApiClient
from deployment.smoke.context import Account, CheckContext
from deployment.smoke.outcome import Options

ME, KNOWLEDGE = "DELETE /api/v1/users/me", "DELETE /api/v1/knowledge"


class TestAccount:
    """The deletion of an account of the test's."""

    def test_with_documents_elsewhere(self) -> None:
        """They are erased when the account cannot go before, and then it goes."""
        kept = {"type": "urn:coachwork:problem:kept-elsewhere", "title": "Kept", "status": 409}

        def answered(name: str, times: int) -> tuple[int, dict[str, Any]] | None:
            if name != ME:
                return None
            return (409, kept) if times == 1 else (200, {"removed": {"account": 1}})

        with serving(answered) as service, ApiClient(service.url, 5) as client:
            context = CheckContext(client, Options())
            context.created_accounts.append(Account("ada@example.com", "a pass phrase", token="token"))
            said = cleanup(context)

        assert "1 account deleted with all they had, and cannot log in" == said
        assert {ME: 2, KNOWLEDGE: 1} == service.asked
