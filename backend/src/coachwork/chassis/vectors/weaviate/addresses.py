"""Where Weaviate has its gRPC API, for who knows the URL of its REST API."""

from urllib.parse import urlsplit

_CLOUD = (".weaviate.cloud", ".weaviate.network", ".weaviate.io")


def is_weaviate_cloud(url: str) -> bool:
    """Return whether the server is one of the vendor's."""
    return (urlsplit(url).hostname or "").endswith(_CLOUD)


def grpc_url_of(url: str) -> str:
    """Return the vendor's own choice: port 50051 of the same host; in Weaviate Cloud a host of its own.

    Source: docs.weaviate.io/weaviate/connections, and the vendor's client, which computes the same.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_weaviate_cloud(url):
        return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:50051"
    if host.endswith(".weaviate.network"):
        cluster, _, domain = host.partition(".")
        return f"https://{cluster}.grpc.{domain}:443"
    return f"https://grpc-{host}:443"
