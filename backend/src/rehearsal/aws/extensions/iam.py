"""IAM. Stock moto leaves out AWS's own managed policies unless its environment asks for them."""

import os


def install() -> None:
    """Ask for them; moto reads this when the first account is looked at."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
