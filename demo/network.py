"""A network of one's own: a namespace with nothing but loopback, for programs that listen on every interface.

A thread is in one namespace at a time, and what it starts is in the same. Linux only, and only for those who may make
one (root, in most places).
"""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_PRESENT = Path("/proc/thread-self/ns/net")


class NoOwnNetwork(Exception):
    """This system or user cannot make a network namespace."""


class OwnNetwork:
    """A network namespace whose only interface is loopback; it lasts until `close` and while processes are in it."""

    def __init__(self) -> None:
        """Make it, and stay outside.

        Raises
        ------
        NoOwnNetwork
            If the system or the user's rights do not allow it.
        """
        with _returning():
            _call("unshare", _CLONE_NEWNET)
            self._inside = _open_present()
            _raise_loopback()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be in it: sockets made, and processes and threads started meanwhile, belong to it."""
        with _returning():
            _call("setns", self._inside.fileno(), _CLONE_NEWNET)
            yield

    def close(self) -> None:
        """Let go of it."""
        self._inside.close()


@contextmanager
def own_network() -> Iterator[None]:
    """Stay in a network of one's own until the block ends.

    Raises
    ------
    NoOwnNetwork
        If the system or the user's rights do not allow it.
    """
    network = OwnNetwork()
    try:
        with network.entered():
            yield
    finally:
        network.close()


def is_free(port: int) -> bool:
    """Whether nobody listens on *port*, on any interface."""
    with socket.socket() as probe:
        # As servers do: a connection of a server that just ended does not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _returning() -> Iterator[None]:
    """Come back, at the end of the block, to the namespace that the thread is in now."""
    with _open_present() as here:
        try:
            yield
        finally:
            _call("setns", here.fileno(), _CLONE_NEWNET)


def _open_present() -> BinaryIO:
    try:
        return _PRESENT.open("rb")
    except OSError as error:
        raise NoOwnNetwork(f"there are no network namespaces here: {error.strerror}") from error


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
