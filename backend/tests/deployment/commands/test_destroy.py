"""Agreeing to a destruction."""

import pytest

from deployment.commands.destroy import agreement
from deployment.errors import Declined


def answers(*given: str) -> list[str]:
    """Return what somebody types, the last first."""
    return list(reversed(given))


def agree(*given: str, is_production: bool = False, yes: str = "") -> None:
    """Return when these answers agree to a destruction."""
    left = answers(*given)

    def ask(_: str) -> str:
        if not left:
            raise EOFError
        return left.pop()

    agreement("prod" if is_production else "dev", is_production=is_production, yes=yes, ask=ask)("This destroys it")


class TestAgreement:
    """What counts as yes."""

    def test_the_name(self) -> None:
        """Its name, typed."""
        agree("dev")

    @pytest.mark.parametrize("answer", ["", "y", "yes", "prod", "Dev"])
    def test_anything_else(self, answer: str) -> None:
        """Nothing else is."""
        with pytest.raises(Declined, match="nothing was destroyed"):
            agree(answer)

    def test_production(self) -> None:
        """There it takes a second sentence."""
        agree("prod", "prod-and-its-data", is_production=True)
        with pytest.raises(Declined):
            agree("prod", "prod", is_production=True)

    def test_a_machine(self) -> None:
        """It says so beforehand, and by name."""
        agree(yes="dev")
        agree(yes="prod-and-its-data", is_production=True)
        for wrong in ({"yes": "staging"}, {"yes": "prod", "is_production": True}, {"yes": "1"}):
            with pytest.raises(Declined):
                agree(**wrong)  # type: ignore[arg-type]  # both are its keywords

    def test_nobody_there(self) -> None:
        """Where nobody answers, it is said what a machine says."""
        with pytest.raises(Declined, match="YES=dev"):
            agree()
