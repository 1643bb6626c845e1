"""Refuses migrations that the release before them does not survive: what they did to a real database says so."""
