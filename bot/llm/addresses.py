"""Which network addresses the endpoint's name may stand for."""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: From a host name and a port to the addresses that the name has now.
Resolve = Callable[[str, int], Sequence[str]]

#: A cloud's metadata service at an address that is private rather than link-local (AWS's, over IPv6).
_METADATA = ip_address("fd00:ec2::254")


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The addresses of *host* as the operating system knows them, in its order.

    Raises
    ------
    OSError
        If the name has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def is_permitted(address: str, networks: Sequence[Network]) -> bool:
    """Whether the endpoint may be at *address*: on the public internet, or inside one of *networks*.

    Link-local addresses, where clouds keep their machines' credentials, and addresses that mean many machines or none
    are never permitted.
    """
    found = _plain(ip_address(address))
    if found.is_link_local or found.is_multicast or found.is_unspecified or found == _METADATA:
        return False
    return found.is_global or any(found in network for network in networks)


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one only wraps."""
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
