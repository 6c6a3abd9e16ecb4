"""A network of one's own: a namespace with nothing but loopback, for programs that listen on every interface.

The namespace belongs to the calling thread and to every process and thread that it starts meanwhile. Linux only, and
only for those who may make one (root, in most places).
"""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_HERE = Path("/proc/thread-self/ns/net")


class NoOwnNetwork(Exception):
    """This system or user cannot make a network namespace."""


@contextmanager
def own_network() -> Iterator[None]:
    """Stay in a new network namespace, whose only interface is loopback, until the block ends.

    Raises
    ------
    NoOwnNetwork
        If the system or the user's rights do not allow it.
    """
    try:
        home = _HERE.open("rb")
    except OSError as error:
        raise NoOwnNetwork(f"there are no network namespaces here: {error.strerror}") from error
    with home:
        _call("unshare", _CLONE_NEWNET)
        try:
            _raise_loopback()
            yield
        finally:
            _call("setns", home.fileno(), _CLONE_NEWNET)


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        raise NoOwnNetwork("there are no network namespaces on this system")
    if function(*arguments) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise NoOwnNetwork(f"a network namespace cannot be made here: {reason}")


def _raise_loopback() -> None:
    """Set the interface `lo` up, which is down in a new namespace (netdevice(7))."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(handle, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))
