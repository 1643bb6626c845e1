"""Local servers that speak the protocols of vendors, for their real SDKs to talk to."""
