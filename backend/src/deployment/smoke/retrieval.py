"""Asking one's documents: what is found, what is answered, and whether each citation is what the page says."""

from deployment.smoke.answer import Answer
from deployment.smoke.context import CheckContext
from deployment.smoke.documents import DOCUMENTS, KNOWLEDGE, PAGE, document_id, fact

_CHAT = f"{KNOWLEDGE}/chat"


def search(context: CheckContext) -> str:
    """Each way of searching finds the fact on its page."""
    token, document = context.token(), document_id(context)
    for mode in ("hybrid", "vector", "keyword"):
        body = {"query": fact(context), "mode": mode, "document_ids": [document]}
        found = context.client.request("POST", f"{KNOWLEDGE}/search", body, token=token).expect(200)
        found.equal(document, "items", 0, "document_id")
        found.equal(PAGE, "items", 0, "page")
    return f"found on page {PAGE} by words, by vectors and by both"


def answer(context: CheckContext) -> str:
    """An answer cites the document, and what it cites stands there; the thread is kept, shared and deleted."""
    token, document = context.token(), document_id(context)
    question = f"At what pressure does the relief valve of pump {context.mark} open?"
    turn = context.client.request("POST", _CHAT, {"message": question, "document_ids": [document]}, token=token).expect(
        200
    )
    thread = f"{KNOWLEDGE}/threads/{turn.text('thread_id')}"
    context.undo[f"the {thread[len(KNOWLEDGE) + 1 :]}"] = lambda: context.client.request("DELETE", thread, token=token)
    if not turn.items("citations"):
        raise turn.failed("answered without a citation what the document says")
    for place in range(len(turn.items("citations"))):
        _follow(context, turn, place, token)
    kept = context.client.request("GET", thread, token=token).expect(200)
    kept.equal(turn.text("turn_id"), "items", 0, "turn_id")
    _share(context, thread, turn, token)
    context.client.request("DELETE", thread, token=token).expect(200, 204)
    context.client.request("GET", thread, token=token).expect_problem(404)
    cited = len(turn.items("citations"))
    return f"{'1 citation' if cited == 1 else f'{cited} citations'} followed to the page, model {turn.text('model')}"


def _follow(context: CheckContext, turn: Answer, place: int, token: str) -> None:
    turn.equal(context.document_id, "citations", place, "document_id")
    path = f"{DOCUMENTS}/{context.document_id}/chunks/{turn.at('citations', place, 'number')}"
    chunk = context.client.request("GET", path, token=token).expect(200)
    chunk.equal(turn.at("citations", place, "page"), "page")
    if turn.text("citations", place, "excerpt") not in chunk.text("text"):
        raise turn.failed(f"cites words ({place + 1}) that its chunk does not hold")


def _share(context: CheckContext, thread: str, turn: Answer, token: str) -> None:
    """Whoever has the link reads the thread without an account, until the link is withdrawn."""
    link = context.client.request("POST", f"{thread}/shares", {"days": 1}, token=token).expect(201)
    path = link.text("path").removeprefix(context.client.prefix)
    shared = context.client.request("GET", path).expect(200)
    shared.equal(turn.text("answer"), "items", 0, "answer")
    context.client.request("DELETE", f"{thread}/shares/{link.text('id')}", token=token).expect(200, 204)
    context.client.request("GET", path).expect_problem(404)
