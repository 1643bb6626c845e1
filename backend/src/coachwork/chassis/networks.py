"""Network addresses, as what they stand for: one subscriber."""

from ipaddress import IPv6Address, ip_address


def network_of(address: str) -> str:
    """Return the /64 of an IPv6 address, which one subscriber owns whole; any other address as it is."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or parsed.exploded[:19])
