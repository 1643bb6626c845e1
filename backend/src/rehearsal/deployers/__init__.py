"""Proves the roles that deploy: what bootstrap/ gives the jobs of an environment suffices, and is no more than that."""
