"""The fitness service's routers, a module for each noun; the registry says which paths load which."""
