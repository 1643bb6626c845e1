"""The states of a document, which are part of the API."""

from typing import Literal

State = Literal["awaiting_upload", "queued", "parsing", "embedding", "indexed", "failed", "cancelled"]
