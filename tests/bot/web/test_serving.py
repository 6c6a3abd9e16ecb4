"""The socket that is listened on."""

import socket

from bot.web.serving import listen


def test_answers_are_sent_without_waiting_for_the_client() -> None:
    """Connections send each piece of an answer at once: on those that stay open it waited 40 ms."""
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
