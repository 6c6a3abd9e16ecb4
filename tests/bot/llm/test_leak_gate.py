"""A request that would give something away does not leave, and the sentence about it gives nothing away either."""

from contextlib import closing
from ipaddress import ip_network

import pytest
from pydantic import SecretStr

from analysis.outgoing.vault import Kind, Register, Vault
from bot.llm.endpoint import Endpoint, EndpointSettings
from bot.llm.leak_gate import LeakError, gate_for
from bot.ports.model import Question
from tests.model_endpoint import endpoint, says


def _vault() -> Vault:
    register = Register(Vault(salt=bytes(16)))
    register.placeholder(Kind.PERSON, "Kim Doe", identity="slack:U0KIMDOE01")
    return register.vault()


def _question(material: str) -> Question:
    return Question(instructions="Write.", material=material, schema={"type": "object"}, answer_tokens=9)


@pytest.mark.parametrize(
    ("material", "kind"),
    [
        ("Kim restarted it", "person"),
        ("U0KIMDOE01 restarted it", "person"),
        ("paid with 4111 1111 1111 1111", "card"),
        ("c2stcHJvai1BYmMxMjNEZWY0NTZHaGk3ODlKa2w=", "secret"),
    ],
)
def test_request_that_gives_something_away_is_not_sent(material: str, kind: str) -> None:
    """Not a byte reaches the endpoint; the sentence names the kind alone."""
    with endpoint(says("{}")) as server:
        settings = EndpointSettings(
            base_url=server.url, model="pinned", api_key=SecretStr("none"), networks=[ip_network("127.0.0.0/8")]
        )
        with closing(Endpoint(settings, gate=gate_for(_vault()))) as model, pytest.raises(LeakError) as refused:
            model.ask(_question(material), seconds=5)

    assert server.received == []
    assert f"({kind})" in refused.value.message
    assert material not in refused.value.message


def test_redacted_request_is_sent() -> None:
    """Placeholders pass."""
    with endpoint(says("{}")) as server:
        settings = EndpointSettings(
            base_url=server.url, model="pinned", api_key=SecretStr("none"), networks=[ip_network("127.0.0.0/8")]
        )
        with closing(Endpoint(settings, gate=gate_for(_vault()))) as model:
            answer = model.ask(_question("[[PERSON_1]] paid with [[CARD_1]]"), seconds=5)

    assert (answer.text, len(server.received)) == ("{}", 1)
