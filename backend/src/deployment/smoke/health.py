"""Does it answer, and does every part it stands on?"""

from time import sleep

from deployment.smoke.answer import Answer
from deployment.smoke.context import CheckContext
from deployment.smoke.failures import Failed, Unanswered, Unreachable

_TRIES = 5
_PAUSE_SECONDS = 1.0
_WELL = {"ok", "connected", "initialized", "reachable"}
_REMEDIES = {
    ("rag", "empty"): "the knowledge is not loaded: run python -m coachwork.tools.seed",
    ("rag", "unreachable"): "no vector index answers: look at the CHROMA_ or WEAVIATE_ variables and the network",
    ("database", "unreachable"): "Postgres does not answer: look at DATABASE_URL and at the network between",
}


def liveness(context: CheckContext) -> str:
    """The application itself answers, at this URL."""
    answer = _alive(context)
    if 300 <= answer.status < 400:
        raise Unreachable(str(answer.failed(f"leads to {answer.headers.get('location')}: use that URL")))
    if answer.gateway_message and answer.status in {403, 404}:
        raise Unreachable(str(answer.failed(f"answered {answer.status}, by API Gateway itself")))
    if answer.status == 404 and not answer.headers.get("x-request-id"):
        raise Unreachable(str(_someone_else(answer)))
    answer.expect(200)
    if answer.media_type != "application/json":
        raise Unreachable(str(_someone_else(answer)))
    answer.equal("ok", "status")
    return "the application answers"


def parts(context: CheckContext) -> str:
    """Every part it stands on is well."""
    answer = _settled(context)
    states = {name: str(word) for name, word in answer.mapping().items() if name != "status"}
    seen = ", ".join(f"{name} {word}" for name, word in states.items())
    if not states:
        raise answer.failed(f"answered {answer.status} and names no part")
    if answer.status == 200:
        answer.equal("ok", "status")
        return seen
    unwell = [(name, word) for name, word in states.items() if word not in _WELL]
    remedies = [_REMEDIES[one] for one in unwell if one in _REMEDIES]
    named = ", ".join(f"{name} is {word}" for name, word in unwell) or "no part says which"
    raise Failed("\n".join([f"{answer.request} answered 503: {named}", *remedies]))


def _alive(context: CheckContext) -> Answer:
    """Return the answer, asking again while the gateway gets none of the function: an instance may have died.

    Raises:
        Unreachable: there is none, or the gateway never got one.
    """
    tries = context.options.tries
    for tried in range(1, tries + 1):
        try:
            answer = context.client.request("GET", "/health")
        except Unanswered as unanswered:
            raise Unreachable(str(unanswered)) from unanswered
        if answer.status < 500 or not answer.gateway_message:
            return answer
        if tried < tries:
            sleep(_PAUSE_SECONDS)
    raise Unreachable(str(answer.failed(f"answered {answer.status} where 200 was expected, {tries} times")))


def _settled(context: CheckContext) -> Answer:
    """Return the report, asking again while a part may still be loading: after a cold start that takes seconds."""
    for _ in range(_TRIES):
        answer = context.client.request("GET", "/api/v1/health/").expect(200, 503)
        if answer.status == 200 or "unreachable" not in answer.mapping().values():
            break
        sleep(_PAUSE_SECONDS)
    return answer


def _someone_else(answer: Answer) -> Failed:
    meaning = "something else answers there: is the URL right, and whole?"
    return answer.failed(f"answered {answer.status} as {answer.media_type or 'nothing'}", meaning)
