"""Postgres: a pool, a session bound to a principal, and the migrations runner."""
