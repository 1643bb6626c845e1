"""The way through the door that Chroma Cloud has before its servers."""

from coachwork.chassis.vectors.chroma import RestChroma

CLOUD_KEY = "ck-of-the-tests"


def cloud(url: str, api_key: str = CLOUD_KEY) -> RestChroma:
    """Return the way through it, to the tenant and database every Chroma server has."""
    return RestChroma.cloud(url, api_key=api_key, tenant="default_tenant", database="default_database")
