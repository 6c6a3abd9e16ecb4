"""Which network addresses may be called, whoever calls: the pager, the heartbeat and the language model alike."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Where clouds keep their machines' credentials at addresses that are not link-local.
_METADATA: tuple[Network, ...] = (
    ip_network("fd00:ec2::/32"),  # AWS over IPv6
    ip_network("fd20:ce::254/128"),  # Google Cloud over IPv6
    ip_network("168.63.129.16/32"),  # Azure
    ip_network("100.100.100.200/32"),  # Alibaba Cloud
)


def is_permitted(address: str, networks: Sequence[Network]) -> bool:
    """Whether *address* may be called: on the public internet, or inside one of *networks*.

    Link-local addresses and others where clouds keep their machines' credentials, and addresses that mean many machines
    or none are never permitted.
    """
    found = plain(address)
    if found.is_link_local or found.is_multicast or found.is_unspecified or _is_in(found, _METADATA):
        return False
    return found.is_global or _is_in(found, networks)


def plain(address: str) -> Address:
    """The address without its zone; the IPv4 address that an IPv6 one only wraps."""
    found = ip_address(address.partition("%")[0])
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
