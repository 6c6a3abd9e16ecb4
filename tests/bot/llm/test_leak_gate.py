"""A request that would give something away does not leave, and the sentence about it gives nothing away either."""

import json
from contextlib import closing
from ipaddress import ip_network

import pytest
from pydantic import SecretStr

from analysis.outgoing.gate import leaks
from analysis.outgoing.vault import Kind, Register, Vault
from bot.llm.endpoint import Endpoint, EndpointSettings
from bot.llm.leak_gate import LeakError, gate_for
from bot.ports.model import Question
from bot.render.prompts import PromptTemplates
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


def test_sentence_of_the_prompt_shuts_no_gate() -> None:
    """A feature called `standin` is a name, and “stand in” are words of every question; in an entry they stay here."""
    register = Register(Vault(salt=bytes(16)))
    register.placeholder(Kind.NAME, "standin")
    vault = register.vault()
    own = ('The entries stand in the order of time, as {"id": "E7"} does.',)
    question = json.dumps({"system": own[0], "user": "[[NAME_1]] was switched on."}).encode()
    entry = json.dumps({"system": own[0], "user": "Its stand in was switched on."}).encode()

    assert leaks(question, vault)
    assert not leaks(question, vault, own)
    assert [leak.placeholder for leak in leaks(entry, vault, own)] == ["[[NAME_1]]"]


def test_prompts_have_the_sentences_that_every_question_has() -> None:
    """They are told to the gate whole, and nothing that differs from incident to incident is among them."""
    prompts = PromptTemplates()
    values = {"most": 8, "sections": ["impact"], "again": [], "meanings": [], "events": [{"id": "E1", "text": "x"}]}

    instructions, material = prompts.render(values)

    left = instructions
    for sentence in prompts.own:
        left = left.replace(sentence, "")
    assert len(left) < 200
    assert not any(sentence in material for sentence in prompts.own)


def test_redacted_request_is_sent() -> None:
    """Placeholders pass."""
    with endpoint(says("{}")) as server:
        settings = EndpointSettings(
            base_url=server.url, model="pinned", api_key=SecretStr("none"), networks=[ip_network("127.0.0.0/8")]
        )
        with closing(Endpoint(settings, gate=gate_for(_vault()))) as model:
            answer = model.ask(_question("[[PERSON_1]] paid with [[CARD_1]]"), seconds=5)

    assert (answer.text, len(server.received)) == ("{}", 1)
