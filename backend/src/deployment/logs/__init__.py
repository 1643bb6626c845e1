"""The functions' logs: fetched from all of them together, and made readable."""
