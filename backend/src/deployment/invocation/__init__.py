"""Asks a function at one version what callers ask the API: requests as the events API Gateway makes of them."""
