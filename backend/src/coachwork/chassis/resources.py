"""What a service is given: every port, each built on first use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachwork.chassis.settings import BucketPurpose, Settings, TablePurpose

if TYPE_CHECKING:
    from coachwork.chassis.blobs import BlobStore
    from coachwork.chassis.documents import Table
    from coachwork.chassis.identity.port import IdentityProvider, TokenVerifier
    from coachwork.chassis.identity.throttle import LoginThrottle
    from coachwork.chassis.keywords import KeywordIndex
    from coachwork.chassis.models import ChatModel, Embedder
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.tasks import Tasks
    from coachwork.chassis.vectors import VectorIndex


@dataclass(frozen=True)
class Resources:
    """Frozen, and cheap to make: each field but `settings` and `close` is a function that builds its part once.

    `close` ends the connections of the parts there are; they are of no use afterwards.

    Tests and benchmarks swap a part with `dataclasses.replace(resources, chat_model=lambda: fake)`.
    """

    settings: Settings
    database: "Callable[[], Database]"
    identity_provider: "Callable[[], IdentityProvider]"
    token_verifier: "Callable[[], TokenVerifier]"
    login_throttle: "Callable[[], LoginThrottle]"
    chat_model: "Callable[[], ChatModel]"
    embedder: "Callable[[], Embedder]"
    vector_index: "Callable[[str], VectorIndex]"
    keyword_index: "Callable[[], KeywordIndex]"
    blobs: "Callable[[BucketPurpose], BlobStore]"
    tables: "Callable[[TablePurpose], Table]"
    tasks: "Callable[[], Tasks]"
    close: Callable[[], None]
