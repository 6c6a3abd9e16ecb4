"""Which network addresses the endpoint's name stands for."""

import socket
from collections.abc import Callable, Sequence

#: From a host name and a port to the addresses that the name has now.
Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The addresses of *host* as the operating system knows them, in its order.

    Raises
    ------
    OSError
        If the name has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))
