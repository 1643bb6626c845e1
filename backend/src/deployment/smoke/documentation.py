"""Documentation is for development: production shows none."""

from deployment.smoke.context import CheckContext

_MEANING = "ENVIRONMENT is not production there; if that is meant, say so with ARGS=--docs"


def documentation(context: CheckContext) -> str:
    """It is off, or whole where it is expected."""
    if context.options.expects_docs:
        return _on(context)
    for path in ("/docs", "/openapi.json"):
        answer = context.client.request("GET", path)
        if answer.status == 200:
            raise answer.failed("shows the documentation", _MEANING)
        answer.expect_problem(404)
    return "off"


def _on(context: CheckContext) -> str:
    page = context.client.request("GET", "/docs").expect(200)
    if f"{context.client.prefix}/openapi.json".encode() not in page.body:
        raise page.failed("shows a page that does not load the document of this stage")
    document = context.client.request("GET", "/openapi.json").expect(200)
    document.equal(context.client.prefix or "/", "servers", 0, "url")
    return f"on, {len(document.mapping('paths'))} paths"
