"""Somebody's documents as the service has them: received, read in a process of its own, cut, embedded and searched.

Tables and objects lie in the local AWS that the rehearsal plays, vectors in the index of the resources.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from botocore.session import get_session

from coachwork.chassis.blobs.s3 import S3BlobStore, s3_client
from coachwork.chassis.documents.dynamodb import DynamoDBTable, dynamodb_client
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.keywords import KeywordIndex
from coachwork.chassis.observability.logs import configure
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks.port import Invocation, Task
from coachwork.services.knowledge.schemas.documents import PdfFields
from coachwork.services.knowledge.service.ingestion import ingest
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.uploads import receive
from deployment.children import Children
from evals.knowledge.corpus import Manuscript
from rehearsal.aws import LocalAws

_REGION = "us-east-1"
_BUCKET, _TABLE, _HISTORY = "knowledge-evals", "documents", "chat-history"


class _HeldTasks:
    """Takes tasks and does nothing: who asked ingests at once."""

    longest_wait_seconds = 300.0

    def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
        """Take it."""


@dataclass(frozen=True)
class Library:
    """A reader and their documents; `stems` has each document's name in the datasets by its id."""

    resources: Resources
    principal: Principal
    stems: Mapping[UUID, str]


@contextmanager
def opened(folder: Path, resources: Resources) -> Iterator[Resources]:
    """Yield the resources with tables, a bucket and an index of words that are gone afterwards."""
    logging.getLogger("botocore").setLevel(logging.WARNING)
    configure("WARNING")
    with Children() as children:
        options = ["--bucket", _BUCKET, str(folder / "bucket")]
        options += ["--table", _TABLE, str(folder / "documents.json"), "FileHashIndex=file_hash"]
        options += ["--table", _HISTORY, str(folder / "chat-history.json")]
        aws = LocalAws.start(children, log=folder / "aws.log", options=options)
        aws.wait()
        session = get_session()
        session.set_credentials("evals", "evals")
        blobs = S3BlobStore(s3_client(_REGION, session=session, endpoint_url=aws.url), _BUCKET)
        dynamodb = dynamodb_client(_REGION, session=session, endpoint_url=aws.url)
        words = KeywordIndex(folder / "words")
        yield replace(
            resources,
            blobs=lambda _: blobs,
            tables=cache(lambda name: DynamoDBTable(dynamodb, name, indexes=_indexes(name))),
            keyword_index=lambda: words,
            tasks=_HeldTasks,
        )


def filled(resources: Resources, texts: Sequence[Manuscript], advance: Callable[[int, int], None]) -> Library:
    """Return a new reader's library of these documents; `advance` hears how many are in it, of how many."""
    owner, stems = Owner(resources, uuid4()), {}
    for done, text in enumerate(texts, 1):
        document = receive(owner, text.pdf(), text.name, PdfFields())
        ingest(owner, document.id)
        found = owner.documents.get(owner.id, document.id)
        if found is None or found.state != "indexed":
            raise RuntimeError(f"{text.name} was not indexed: {found and found.reason}")
        stems[document.id] = text.stem
        advance(done, len(texts))
    return Library(resources, Principal(owner.id, None), stems)


def _indexes(table: str) -> Mapping[str, str]:
    return {"FileHashIndex": "file_hash"} if table == _TABLE else {}
