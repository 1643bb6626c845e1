"""Tags for services whose tags stock moto lacks, kept beside their backends for as long as these live."""

from typing import Any
from weakref import WeakKeyDictionary

from moto.core.base_backend import BaseBackend
from moto.utilities.tagging_service import TaggingService

_services: WeakKeyDictionary[Any, TaggingService] = WeakKeyDictionary()


def tags_of(backend: BaseBackend) -> TaggingService:
    """Return the tags of a backend's resources."""
    return _services.setdefault(backend, TaggingService())
