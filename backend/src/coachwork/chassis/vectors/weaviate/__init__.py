"""Weaviate behind the port. `index` and `server` import its client: only who is set to use it may import them."""
