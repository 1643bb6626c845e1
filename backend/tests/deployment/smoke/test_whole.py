"""The smoke test of an application that is well: everything as expected, nothing left behind."""

from tests.deployment.smoke.deployment import Deployment, walk
from tests.deployment.smoke.proxy import Answer, Request, broken

from deployment.smoke import Check, Outcome
from deployment.smoke.client import ApiClient
from deployment.smoke.context import CheckContext
from deployment.smoke.videos import there_and_back


def note_of(outcome: Outcome, name: str) -> str:
    """Return what a check saw."""
    return next(check.note for check in outcome.checks if check.name == name)


class TestWhole:
    """Every option given."""

    def test_all_as_expected(self, deployment: Deployment) -> None:
        """Every check passes, none is skipped, each is reported, and the stores are as they were."""
        before = deployment.contents()
        outcome, reported = walk(deployment.laptop.url, deployment.options())
        assert () == outcome.failures
        assert [] == [check.name for check in outcome.checks if check.is_skipped or check.is_not_tried]
        assert reported == list(outcome.checks)
        assert outcome.requests == sum(check.requests for check in outcome.checks)
        assert before == deployment.contents()

    def test_behind_a_stage(self, deployment: Deployment) -> None:
        """The URL may have a path, as an API Gateway's stage is one."""

        def under_production(request: Request, answer: Answer) -> None:
            assert request.path.startswith("/production/")

        with broken(deployment.laptop.url, under_production, stage="/production") as proxy:
            outcome, _ = walk(f"{proxy.url}/production/", deployment.options(expects_docs=False))
        assert ["documentation"] == [check.name for check in outcome.failures]

    def test_a_token_for_an_admin(self, deployment: Deployment) -> None:
        """An administrator's token does as well as the password."""
        _, body = deployment.laptop.ask("POST", "/api/v1/users/login", deployment.admin)
        options = deployment.options(admin_email="", admin_password="", admin_token=body["access_token"])
        with ApiClient(deployment.laptop.url, timeout_seconds=30) as client:
            said = there_and_back(CheckContext(client, options))
        assert "4096 bytes there and back, other sizes refused" == said


class TestGivenAccount:
    """An account that was given because nobody can register."""

    def test_it_is_kept(self, deployment: Deployment) -> None:
        """Its profile and its collections are as they were, what the run stored is gone, and it can still log in."""
        token = deployment.laptop.log_in()
        assert 201 == deployment.laptop.ask("POST", "/api/v1/knowledge/collections", {"name": "Kept"}, token)[0]
        mine = {"display_name": "Kept", "goal": "endurance"}
        assert 200 == deployment.laptop.ask("PUT", "/api/v1/profile", mine, token)[0]
        before = deployment.contents()
        account = deployment.laptop.account
        options = deployment.options(email=account["email"], password=account["password"])
        outcome, _ = walk(deployment.laptop.url, options)
        assert () == outcome.failures
        assert f"{account['email']} is as it was" == note_of(outcome, "cleaning up")
        assert before == deployment.contents()
        _, profile = deployment.laptop.ask("GET", "/api/v1/profile", token=deployment.laptop.log_in())
        assert ("Kept", "endurance") == (profile["display_name"], profile["goal"])
        _, collections = deployment.laptop.ask("GET", "/api/v1/knowledge/collections", token=token)
        assert ["Kept"] == [one["name"] for one in collections["items"]]

    def test_wrong_password(self, deployment: Deployment) -> None:
        """What wants an account is not tried, in a line each; what does not is."""
        options = deployment.options(email="demo@example.com", password="wrong")
        outcome, _ = walk(deployment.laptop.url, options)
        assert ["account"] == [check.name for check in outcome.failures]
        assert "did not take the e-mail address and password that were given" in outcome.failures[0].failure
        not_tried: list[Check] = [check for check in outcome.checks if check.is_not_tried]
        assert {"not tried: nobody is signed in"} == {check.note for check in not_tried}
        assert 0 == sum(check.requests for check in not_tried)
