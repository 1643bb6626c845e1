"""Documents: uploaded by form and told of by the store, or sent with a request; ingested, fetched, deleted."""

from collections.abc import Callable
from hashlib import sha256
from time import monotonic, sleep

from deployment.smoke.answer import Answer
from deployment.smoke.failures import Failed, LeftOut, NotTried
from deployment.smoke.pdf import pdf
from deployment.smoke.visit import Visit

DOCUMENTS = "/api/v1/documents"
KNOWLEDGE = "/api/v1/knowledge"
PAGE = 2
"""On which page the fact stands."""

_BEHIND_A_GATEWAY = ("x-amz-apigw-id", "apigw-requestid")
_UNDER_WAY = ("awaiting_upload", "queued", "parsing", "embedding")
_PAUSE_SECONDS = 0.2
_BOUNDARY = "smoke-test-boundary"
_MEANINGS = {
    "awaiting_upload": "nobody is told of what arrives: does the bucket notify the function, and may it invoke it?",
    "queued": "nobody takes up what the function hands over: may it invoke itself, and is an instance free?",
}


def fact(visit: Visit) -> str:
    """Return what the document says that nothing else does."""
    return f"The relief valve of pump {visit.mark} opens at a pressure of 6.3 bar."


def arrival(visit: Visit) -> str:
    """A PDF is announced, uploaded by form and, once the store has told of it, indexed; its hash finds it."""
    token = _served(visit)
    collection = _collection(visit, token)
    content = pdf([[f"Handbook of pump {visit.mark}", "This page measures nothing."], [fact(visit)]])
    digest = sha256(content).hexdigest()
    body = {
        "name": f"smoke-{visit.mark}.pdf",
        "size_bytes": len(content),
        "sha256": digest,
        "collection_id": collection,
        "tags": ["smoke"],
    }
    asked = visit.site.ask("POST", DOCUMENTS, body, token=token).expect(202)
    path = _noted(visit, asked, token)
    stored = visit.site.upload(asked.text("upload", "url"), fields_of(asked), content, "handbook.pdf")
    if stored.status not in {200, 201, 204}:
        raise stored.failed(f"answered {stored.status}: the store did not take the upload it was granted")
    told_by = _told(visit, path, token, asked)
    begun = monotonic()
    document = _indexed(visit, path, token)
    document.equal(PAGE, "pages_total")
    visit.document_id = document.text("id")
    listed = visit.site.ask("GET", DOCUMENTS, query={"sha256": digest}, token=token).expect(200)
    listed.equal(visit.document_id, "items", 0, "id")
    return f"{told_by}, indexed after {monotonic() - begun:.1f} s"


def sent_whole(visit: Visit) -> str:
    """A PDF that is sent with the request comes back byte for byte."""
    token, _ = visit.token(), document_id(visit)
    content = pdf([[f"A letter about pump {visit.mark}"]])
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    form = _form(f"letter-{visit.mark}.pdf", content)
    asked = visit.site.ask("POST", DOCUMENTS, headers=headers, content=form, token=token).expect(202)
    path = _noted(visit, asked, token)
    _indexed(visit, path, token)
    _fetched(visit, path, token, content)
    return f"{len(content)} bytes there and back, half of them no text"


def removal(visit: Visit) -> str:
    """A deleted document is gone: its file, its chunks, and from every search."""
    token = visit.token()
    path = f"{DOCUMENTS}/{document_id(visit)}"
    url = visit.site.ask("GET", f"{path}/download", token=token).expect(200).text("url")
    removed = visit.site.ask("DELETE", path, token=token).expect(200)
    if not removed.at("vectors"):
        raise removed.failed("removed no vectors of a document that was found")
    for gone in (path, f"{path}/chunks", f"{path}/download"):
        visit.site.ask("GET", gone, token=token).expect_problem(404)
    visit.site.fetch(url).expect(403, 404)
    found = visit.site.ask("POST", f"{KNOWLEDGE}/search", {"query": fact(visit)}, token=token).expect(200)
    if any(isinstance(item, dict) and item.get("document_id") == visit.document_id for item in found.items("items")):
        raise found.failed("still finds a document that was deleted")
    return "file, chunks, vectors and hits"


def erasure(visit: Visit) -> str:
    """Everything somebody has here goes at once."""
    token, _ = visit.token(), document_id(visit)
    if visit.account is not None and visit.account.is_kept:
        raise LeftOut("it would take everything from the account that was given")
    erased = visit.site.ask("DELETE", KNOWLEDGE, token=token).expect(200)
    erased.equal(1, "documents")
    erased.equal(1, "collections")
    for noun in (DOCUMENTS, f"{KNOWLEDGE}/collections", f"{KNOWLEDGE}/threads"):
        visit.site.ask("GET", noun, token=token).expect(200).equal([], "items")
    return "documents, collections and threads at once"


def document_id(visit: Visit) -> str:
    """Return the document's id; raises `NotTried` when none was indexed."""
    if not visit.document_id:
        raise NotTried("no document was indexed")
    return visit.document_id


def fields_of(asked: Answer) -> dict[str, str]:
    """Return the fields of an upload's form."""
    return {name: asked.text("upload", "fields", name) for name in asked.mapping("upload", "fields")}


def _served(visit: Visit) -> str:
    """Return the account's token; raises `LeftOut` where no documents are served, unless they are meant to be."""
    token = visit.token()
    answer = visit.site.ask("GET", DOCUMENTS, query={"limit": "1"}, token=token)
    if answer.status == 404 and not visit.options.expects_documents:
        raise LeftOut("the deployment does not serve knowledge")
    answer.expect(200)
    return token


def _collection(visit: Visit, token: str) -> str:
    path = f"{KNOWLEDGE}/collections"
    made = visit.site.ask("POST", path, {"name": f"Smoke test {visit.mark}"}, token=token).expect(201)
    name = made.text("id")
    visit.undo[f"the collection {name}"] = lambda: visit.site.ask(
        "DELETE", f"{path}/{name}", query={"documents": "delete"}, token=token
    )
    return name


def _noted(visit: Visit, asked: Answer, token: str) -> str:
    """Return the path of a new document, noted for its removal."""
    path = f"{DOCUMENTS}/{asked.text('document', 'id')}"
    visit.undo[f"the document {path}"] = lambda: visit.site.ask("DELETE", path, token=token)
    return path


def _told(visit: Visit, path: str, token: str, asked: Answer) -> str:
    """Wait until the application knows of an upload; where no gateway stands before it, nobody but us can tell it."""
    if not any(name in asked.headers for name in _BEHIND_A_GATEWAY):
        visit.site.ask("POST", f"{path}/complete", token=token).expect(202)
        return "uploaded, completed by hand (no gateway stands before it)"
    begun = monotonic()
    _wait(visit, path, token, lambda state: state != "awaiting_upload")
    return f"uploaded, told of after {monotonic() - begun:.1f} s"


def _indexed(visit: Visit, path: str, token: str) -> Answer:
    document = _wait(visit, path, token, lambda state: state not in _UNDER_WAY)
    document.equal("indexed", "state")
    return document


def _wait(visit: Visit, path: str, token: str, is_reached: Callable[[str], bool]) -> Answer:
    """Return the document once its state is reached; raises `Failed` when it fails, or takes too long."""
    begun = monotonic()
    while True:
        document = visit.site.ask("GET", path, token=token).expect(200)
        state = document.text("state")
        if state == "failed":
            reason = document.mapping("reason")
            raise Failed(f"{document.request} failed: {reason.get('title')}: {reason.get('detail')}")
        if is_reached(state):
            return document
        if monotonic() - begun > (patience_seconds := visit.options.ingestion_seconds):
            raise document.failed(f"still says {state} after {patience_seconds:g} s", _MEANINGS.get(state, ""))
        sleep(_PAUSE_SECONDS)


def _fetched(visit: Visit, path: str, token: str, content: bytes) -> None:
    url = visit.site.ask("GET", f"{path}/download", token=token).expect(200).text("url")
    fetched = visit.site.fetch(url).expect(200)
    if sha256(fetched.body).digest() != sha256(content).digest():
        meaning = "does the gateway take multipart/form-data for a binary media type?"
        raise fetched.failed(f"gave {len(fetched.body)} bytes that are not the {len(content)} that were sent", meaning)


def _form(name: str, content: bytes) -> bytes:
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
