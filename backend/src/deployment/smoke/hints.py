"""What a refusal means for whoever deployed the application, where that can be said."""

_OF_PROBLEMS = {
    "account-refused": "the identity provider registers nobody: set SMOKE_EMAIL and SMOKE_PASSWORD to an existing "
    "test account",
    "database-unavailable": "the application does not reach Postgres: look at DATABASE_URL and at the network between",
    "email-not-confirmed": "registration wants its address confirmed, which a test cannot do: set SMOKE_EMAIL and "
    "SMOKE_PASSWORD to an existing, confirmed test account (its data is cleaned, the account is kept)",
    "email-refused": "the identity provider takes no example.com addresses: set SMOKE_EMAIL and SMOKE_PASSWORD to an "
    "existing test account (its data is cleaned, the account is kept)",
    "identity-unavailable": "the identity provider does not answer as it should: look at SUPABASE_URL and its keys",
    "internal-error": "the application met a failure it did not expect: its log has the cause under this request id",
    "model-unavailable": "the language model does not answer: look at OPENAI_API_KEY, the model's name and its limits",
    "object-store-unavailable": "the bucket does not answer, or the function's role may not use it: look at "
    "S3_BUCKET_NAME and at the role's statements",
    "too-many-requests": "this address or account has tried too often; earlier runs of this test count too, three in "
    "a quarter of an hour are fine",
    "vector-index-unavailable": "no vector index answers: look at the CHROMA_ or WEAVIATE_ variables and the network",
}

# Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
_OF_THE_GATEWAY = {
    (403, "Missing Authentication Token"): "API Gateway has nothing at this path: the URL wants its stage at the end, "
    "like https://id.execute-api.region.amazonaws.com/production",
    (403, "Forbidden"): "API Gateway has no such stage, or a policy keeps this address out: the URL wants its stage at "
    "the end, like https://id.execute-api.region.amazonaws.com/production",
    (404, "Not Found"): "API Gateway has no such stage or route: look at the end of the URL",
    (429, "Too Many Requests"): "the stage's own throttling, not the application's: its limits are in the variable "
    "throttling",
    (500, "Internal server error"): "API Gateway could not call the function: it has no concurrency left, or the API "
    "may not invoke it",
    (500, "Internal Server Error"): "the function failed, or the API may not invoke it: look at the function's log",
    (502, "Internal server error"): "the function failed or answered with what is no response: its log has the cause",
    (503, "Service Unavailable"): "the function took too long, or has no concurrency left",
    (504, "Endpoint request timed out"): "the function took longer than API Gateway waits, 29 seconds at most",
}


def hint_for_problem(slug: str) -> str:
    """Return what the application's refusal of this type means; empty when nothing is to be said."""
    return _OF_PROBLEMS.get(slug, "")


def hint_for_gateway_error(status: int, message: str) -> str:
    """Return what API Gateway's own answer means; empty for one it does not give."""
    return _OF_THE_GATEWAY.get((status, message), "")
