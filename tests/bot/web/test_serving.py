"""The socket that is listened on."""

import resource
import socket

from bot.web.serving import listen, open_many_files


def test_answers_are_sent_without_waiting_for_the_client() -> None:
    """Connections send each piece of an answer at once: on those that stay open it waited 40 ms."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_process_may_have_as_many_connections_open_as_it_is_let() -> None:
    """The first limit is for programs of another kind: senders that leave connections open would meet it soon."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, most))
    try:
        open_many_files()
        given = resource.getrlimit(resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (now, most))

    assert given == (65_536 if most == resource.RLIM_INFINITY else min(most, 65_536), most)
