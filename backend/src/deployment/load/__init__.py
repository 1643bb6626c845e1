"""Load: many users of a deployment at once, each request counted with its status and its problem."""
