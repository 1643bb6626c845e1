"""Who is calling: principals, token verification by issuer, identity providers."""
