"""Which addresses may be called, however they are written."""

from ipaddress import ip_network

import pytest

from analysis.addresses import is_permitted


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("10.0.0.7", id="private"),
        pytest.param("::1", id="this machine"),
        pytest.param("::a9fe:a9fe", id="metadata, IPv4-compatible"),
        pytest.param("::ffff:169.254.169.254", id="metadata, mapped"),
        pytest.param("::ffff:0:a9fe:a9fe", id="metadata, translated"),
        pytest.param("64:ff9b::a9fe:a9fe", id="metadata by NAT64"),
        pytest.param("64:ff9b:1::a9fe:a9fe", id="metadata by a NAT64 of the network's own"),
        pytest.param("2002:a9fe:a9fe::1", id="metadata by 6to4"),
        pytest.param("64:ff9b::a00:7", id="private by NAT64"),
        pytest.param("fec0::7", id="site-local"),
        pytest.param("fd00::7%eth0", id="unique local, with its zone"),
    ],
)
def test_address_inside_is_refused_however_it_is_wrapped(address: str) -> None:
    """An IPv6 address that leads to an IPv4 one is judged by that one."""
    assert not is_permitted(address, ())


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::5db8:d70e"])
def test_public_address_is_permitted(address: str) -> None:
    """Also where the network reaches it by NAT64 alone."""
    assert is_permitted(address, ())


@pytest.mark.parametrize("address", ["10.20.0.7", "64:ff9b::a14:7", "fec0::7"])
def test_named_network_is_permitted(address: str) -> None:
    """A network is inside because somebody named it."""
    assert is_permitted(address, [ip_network("10.20.0.0/16"), ip_network("fec0::/10")])


def test_credentials_of_clouds_are_refused_in_a_named_network() -> None:
    """Not even whoever names everything opens them."""
    everything = [ip_network("0.0.0.0/0"), ip_network("::/0")]

    assert not is_permitted("169.254.169.254", everything)
    assert not is_permitted("64:ff9b::a9fe:a9fe", everything)
