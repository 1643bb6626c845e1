"""Sessions with AWS that share what botocore reads from its own files: reading it costs each new client 60 ms."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from botocore.session import Session


def new_session() -> "Session":
    """Return a session with the environment's credentials, and none of what another session knows of them."""
    from botocore.session import get_session

    session = get_session()
    session.register_component("data_loader", _descriptions())
    return session


@cache
def _descriptions() -> "Loader":
    """Return what the services' APIs are, each read when it is first asked for."""
    from botocore.loaders import create_loader

    return create_loader()
