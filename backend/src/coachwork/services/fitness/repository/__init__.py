"""Literal SQL, one module a noun; row level security decides whose rows it meets."""
