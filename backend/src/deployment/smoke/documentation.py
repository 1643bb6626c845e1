"""Documentation is for development: production shows none."""

from deployment.smoke.visit import Visit

_MEANING = "ENVIRONMENT is not production there; if that is meant, say so with ARGS=--docs"


def documentation(visit: Visit) -> str:
    """It is off, or whole where it is expected."""
    if visit.options.expects_docs:
        return _on(visit)
    for path in ("/docs", "/openapi.json"):
        answer = visit.site.ask("GET", path)
        if answer.status == 200:
            raise answer.failed("shows the documentation", _MEANING)
        answer.expect_problem(404)
    return "off"


def _on(visit: Visit) -> str:
    page = visit.site.ask("GET", "/docs").expect(200)
    if f"{visit.site.prefix}/openapi.json".encode() not in page.body:
        raise page.failed("shows a page that does not load the document of this stage")
    document = visit.site.ask("GET", "/openapi.json").expect(200)
    document.equal(visit.site.prefix or "/", "servers", 0, "url")
    return f"on, {len(document.mapping('paths'))} paths"
