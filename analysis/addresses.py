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
#: IPv6 addresses that stand for the IPv4 address in their last four bytes: compatible, translated, and by NAT64.
_WRAPPING: tuple[Network, ...] = (ip_network("::/96"), ip_network("::ffff:0:0:0/96"), ip_network("64:ff9b::/96"))
#: Inside a network, which the library's own table does not say of them: site-local ones, and those of its own NAT64.
_INSIDE: tuple[Network, ...] = (ip_network("fec0::/10"), ip_network("64:ff9b:1::/48"))


def is_permitted(address: str, networks: Sequence[Network]) -> bool:
    """Whether *address* may be called: on the public internet, or inside one of *networks*.

    Link-local addresses and others where clouds keep their machines' credentials, and addresses that mean many machines
    or none are never permitted.
    """
    found = plain(address)
    if found.is_link_local or found.is_multicast or found.is_unspecified or _is_in(found, _METADATA):
        return False
    return _is_in(found, networks) or (found.is_global and not _is_in(found, _INSIDE))


def plain(address: str) -> Address:
    """The address without its zone; the IPv4 address that an IPv6 one only wraps."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv4Address) or found.is_loopback or found.is_unspecified:
        return found
    within = IPv4Address(int(found) & 0xFFFFFFFF) if _is_in(found, _WRAPPING) else None
    return found.ipv4_mapped or found.sixtofour or within or found


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
