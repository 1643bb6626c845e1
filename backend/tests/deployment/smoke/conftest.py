"""One running application for every test of the smoke test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.deployment.smoke.deployment import ORIGIN, Deployment
from tests.e2e.laptop import running

_ADMIN = {"email": "smoke-admin@example.com", "password": "the administrator of the tests"}


@pytest.fixture(scope="session")
def deployment() -> Iterator[Deployment]:
    """Start `make run` on a state of its own, with an administrator."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        Path(folder).chmod(0o711)
        state = Path(folder) / "state"
        with running(state, CORS_ORIGINS=ORIGIN) as laptop:
            deployed = Deployment(laptop, state, _ADMIN)
            assert laptop.ask("POST", "/api/v1/users/register", _ADMIN)[0] == 201
            with deployed.connect() as connection:
                connection.execute(
                    """update auth.users set raw_app_meta_data = '{"role": "admin"}' where email = %s""",
                    [_ADMIN["email"]],
                )
            yield deployed
