"""HTTP: problem+json, request ids, the stage prefix, shared schemas and the `Annotated` dependencies."""
