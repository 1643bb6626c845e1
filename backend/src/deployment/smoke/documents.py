"""Documents: uploaded by form and told of by the store, or sent with a request; ingested, fetched, deleted."""

from collections.abc import Callable
from hashlib import sha256
from time import monotonic, sleep

from deployment.smoke.answer import Answer
from deployment.smoke.context import CheckContext
from deployment.smoke.failures import Failed, NotTried, Skipped
from deployment.smoke.pauses import pauses
from deployment.smoke.pdf import pdf

DOCUMENTS = "/api/v1/documents"
KNOWLEDGE = "/api/v1/knowledge"
PAGE = 2
"""On which page the fact stands."""

_BEHIND_A_GATEWAY = ("x-amz-apigw-id", "apigw-requestid")
_UNDER_WAY = ("awaiting_upload", "queued", "parsing", "embedding")
_BOUNDARY = "smoke-test-boundary"
_MEANINGS = {
    "awaiting_upload": "nobody is told of what arrives: does the bucket notify the function, and may it invoke it?",
    "queued": "nobody takes up what the function hands over: may it invoke itself, and is an instance free?",
}


def fact(context: CheckContext) -> str:
    """Return what the document says that nothing else does."""
    return f"The relief valve of pump {context.mark} opens at a pressure of 6.3 bar."


def arrival(context: CheckContext) -> str:
    """A PDF is announced, uploaded by form and, once the store has told of it, indexed; its hash finds it."""
    token = _served(context)
    collection = _collection(context, token)
    content = pdf([[f"Handbook of pump {context.mark}", "This page measures nothing."], [fact(context)]])
    digest = sha256(content).hexdigest()
    body = {
        "name": f"smoke-{context.mark}.pdf",
        "size_bytes": len(content),
        "sha256": digest,
        "collection_id": collection,
        "tags": ["smoke"],
    }
    asked = context.client.request("POST", DOCUMENTS, body, token=token).expect(202)
    path = _noted(context, asked, token)
    stored = context.client.upload(asked.text("upload", "url"), fields_of(asked), content, "handbook.pdf")
    if stored.status not in {200, 201, 204}:
        raise stored.failed(f"answered {stored.status}: the store did not take the upload it was granted")
    told_by = _told(context, path, token, asked)
    begun = monotonic()
    document = _indexed(context, path, token)
    document.equal(PAGE, "pages_total")
    context.document_id = document.text("id")
    listed = context.client.request("GET", DOCUMENTS, query={"sha256": digest}, token=token).expect(200)
    listed.equal(context.document_id, "items", 0, "id")
    return f"{told_by}, indexed after {monotonic() - begun:.1f} s"


def sent_whole(context: CheckContext) -> str:
    """A PDF that is sent with the request comes back byte for byte."""
    token, _ = context.token(), document_id(context)
    content = pdf([[f"A letter about pump {context.mark}"]])
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    form = _form(f"letter-{context.mark}.pdf", content)
    asked = context.client.request("POST", DOCUMENTS, headers=headers, content=form, token=token).expect(202)
    path = _noted(context, asked, token)
    _indexed(context, path, token)
    _fetched(context, path, token, content)
    return f"{len(content)} bytes there and back, half of them no text"


def removal(context: CheckContext) -> str:
    """A deleted document is gone: its file, its chunks, and from every search."""
    token = context.token()
    path = f"{DOCUMENTS}/{document_id(context)}"
    url = context.client.request("GET", f"{path}/download", token=token).expect(200).text("url")
    removed = context.client.request("DELETE", path, token=token).expect(200)
    if not removed.at("vectors"):
        raise removed.failed("removed no vectors of a document that was found")
    for gone in (path, f"{path}/chunks", f"{path}/download"):
        context.client.request("GET", gone, token=token).expect_problem(404)
    context.client.fetch(url).expect(403, 404)
    found = context.client.request("POST", f"{KNOWLEDGE}/search", {"query": fact(context)}, token=token).expect(200)
    if any(isinstance(item, dict) and item.get("document_id") == context.document_id for item in found.items("items")):
        raise found.failed("still finds a document that was deleted")
    return "file, chunks, vectors and hits"


def erasure(context: CheckContext) -> str:
    """Everything somebody has here goes at once."""
    token, _ = context.token(), document_id(context)
    if context.account is not None and context.account.is_kept:
        raise Skipped("it would take everything from the account that was given")
    erased = context.client.request("DELETE", KNOWLEDGE, token=token).expect(200)
    erased.equal(1, "documents")
    erased.equal(1, "collections")
    for noun in (DOCUMENTS, f"{KNOWLEDGE}/collections", f"{KNOWLEDGE}/threads"):
        context.client.request("GET", noun, token=token).expect(200).equal([], "items")
    return "documents, collections and threads at once"


def document_id(context: CheckContext) -> str:
    """Return the document's id; raises `NotTried` when none was indexed."""
    if not context.document_id:
        raise NotTried("no document was indexed")
    return context.document_id


def fields_of(asked: Answer) -> dict[str, str]:
    """Return the fields of an upload's form."""
    return {name: asked.text("upload", "fields", name) for name in asked.mapping("upload", "fields")}


def _served(context: CheckContext) -> str:
    """Return the account's token; raises `Skipped` where no documents are served, unless they are meant to be."""
    token = context.token()
    answer = context.client.request("GET", DOCUMENTS, query={"limit": "1"}, token=token)
    if answer.status == 404 and not context.options.expects_documents:
        raise Skipped("the deployment does not serve knowledge")
    answer.expect(200)
    return token


def _collection(context: CheckContext, token: str) -> str:
    path = f"{KNOWLEDGE}/collections"
    made = context.client.request("POST", path, {"name": f"Smoke test {context.mark}"}, token=token).expect(201)
    name = made.text("id")
    context.undo[f"the collection {name}"] = lambda: context.client.request(
        "DELETE", f"{path}/{name}", query={"documents": "delete"}, token=token
    )
    return name


def _noted(context: CheckContext, asked: Answer, token: str) -> str:
    """Return the path of a new document, noted for its removal."""
    path = f"{DOCUMENTS}/{asked.text('document', 'id')}"
    context.undo[f"the document {path}"] = lambda: context.client.request("DELETE", path, token=token)
    return path


def _told(context: CheckContext, path: str, token: str, asked: Answer) -> str:
    """Wait until the application knows of an upload; where no gateway stands before it, nobody but us can tell it."""
    if not any(name in asked.headers for name in _BEHIND_A_GATEWAY):
        context.client.request("POST", f"{path}/complete", token=token).expect(202)
        return "uploaded, completed by hand (no gateway stands before it)"
    begun = monotonic()
    _wait(context, path, token, lambda state: state != "awaiting_upload")
    return f"uploaded, told of after {monotonic() - begun:.1f} s"


def _indexed(context: CheckContext, path: str, token: str) -> Answer:
    document = _wait(context, path, token, lambda state: state not in _UNDER_WAY)
    document.equal("indexed", "state")
    return document


def _wait(context: CheckContext, path: str, token: str, is_reached: Callable[[str], bool]) -> Answer:
    """Return the document once its state is reached; raises `Failed` when it fails, or takes too long."""
    begun, patience_seconds = monotonic(), context.patience_seconds(context.options.ingestion_seconds)
    for pause_seconds in pauses():
        document = context.client.request("GET", path, token=token).expect(200)
        state = document.text("state")
        if state == "failed":
            reason = document.mapping("reason")
            raise Failed(f"{document.request} failed: {reason.get('title')}: {reason.get('detail')}")
        if is_reached(state):
            break
        if monotonic() - begun > patience_seconds:
            raise document.failed(f"still says {state} after {patience_seconds:g} s", _MEANINGS.get(state, ""))
        sleep(pause_seconds)
    return document


def _fetched(context: CheckContext, path: str, token: str, content: bytes) -> None:
    url = context.client.request("GET", f"{path}/download", token=token).expect(200).text("url")
    fetched = context.client.fetch(url).expect(200)
    if sha256(fetched.body).digest() != sha256(content).digest():
        meaning = "does the gateway take multipart/form-data for a binary media type?"
        raise fetched.failed(f"gave {len(fetched.body)} bytes that are not the {len(content)} that were sent", meaning)


def _form(name: str, content: bytes) -> bytes:
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
