"""How much memory the functions should have: from what Lambda reported of their invocations, or from a sweep."""
