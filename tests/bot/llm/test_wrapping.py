"""One JSON object is taken out of what stands around it: exactly one, and as it came."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.wrapping import SEVERAL, unwrapped

ANSWER = '{"sentences": [{"events": ["E1"], "section": "response", "text": "He said {t:E1}: \\"}{\\" </s>"}]}'
ANALYSIS = '<|channel|>analysis<|message|>{"a": 1}<|end|><|start|>assistant'
DROPPED = "What stood around the JSON of the answer was dropped: "


@pytest.mark.parametrize(
    ("wrapped", "dropped"),
    [
        (ANSWER, ""),
        (f"\n {ANSWER}\n", ""),
        (f"```json\n{ANSWER}\n```", "a fence of code."),
        (f"\ufeff{ANSWER}", "signs of its template."),
        (f"Here is the JSON:\n\n{ANSWER}\n\nLet me know!", "words."),
        (f"Here is the JSON:\n```json\n{ANSWER}\n```", "a fence of code and words."),
        (f"{ANSWER}<|eot_id|>", "signs of its template."),
        (f"{ANSWER}</s>", "signs of its template."),
        (f"{ANSWER}<|im_end|>\n<|endoftext|>", "signs of its template."),
        (f"[INST]{ANSWER}[/INST]", "signs of its template."),
        (f"{ANSWER}<end_of_turn>", "signs of its template."),
        (f"{ANSWER}<\uff5cend▁of▁sentence\uff5c>", "signs of its template."),
        (f'<think>{{"sentences": []}}</think>{ANSWER}', "what the model thought."),
        (f"<think>one</think><thinking>two {{</thinking>\n{ANSWER}</s>", "what the model thought and signs of its"),
        (f"<seed:think>{{</seed:think>{ANSWER}", "what the model thought."),
        (f"[THINK]{{[/THINK]{ANSWER}", "what the model thought."),
        (
            f"<|START_THINKING|>{{<|END_THINKING|><|START_RESPONSE|>{ANSWER}<|END_RESPONSE|>",
            "what the model thought and",
        ),
        (f'it is {{"a": 1}}</THINK>{ANSWER}', "what the model thought."),
        (f"<|channel|>final<|message|>{ANSWER}", "signs of its template."),
        (f"{ANALYSIS}<|channel|>final <|constrain|>json<|message|>{ANSWER}<|return|>", "what the model thought and s"),
        # As servers leave it that drop the signs and keep the words.
        (f"analysisWe need JSON.assistantfinal{ANSWER}", "words."),
    ],
)
def test_one_object_is_taken_as_it_came(wrapped: str, dropped: str) -> None:
    """What its strings hold is no brace, and what stood around it is told in kinds alone."""
    found = unwrapped(wrapped)

    assert json.loads(found.text) == json.loads(ANSWER)
    assert found.text.strip() == ANSWER
    assert found.dropped.startswith(DROPPED + dropped if dropped else "")
    assert bool(found.dropped) is bool(dropped)
    assert ("words" in found.dropped) <= bool(found.words)


#: A line of a log that is quoted, with what ends a thought or begins a channel elsewhere.
QUOTED = [
    "</think>",
    "</think>{}",
    "[/THINK]",
    "say <|channel|> x",
    "<|channel|>final<|message|>{}",
    "<|end|>",
    "<think>",
    "```json\n{}\n```",
]


@pytest.mark.parametrize("quoted", QUOTED)
@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("", ""),
        ("Sure: ", ""),
        ("Sure: ", " Anything else?"),
        ("```json\n", "\n```"),
        ("Here it is:\n```json\n", "\n```"),
        ('<think>As {"a": "</think>{}"} or so, [{</think>Sure: ', "</s>"),
        ('it is {"a": 1}</think>Sure: ', ""),
        (f"{ANALYSIS}<|channel|>final<|message|>", "<|return|>"),
        (f"{ANALYSIS}<|channel|>final<|message|>Sure: ", "<|return|>"),
    ],
)
def test_what_a_string_of_the_answer_quotes_ends_no_thought(before: str, behind: str, quoted: str) -> None:
    """Logs of a service that asks a model itself have such signs, and whoever quotes one loses no draft."""
    given = json.dumps({"a": quoted, "b": [{"c": quoted}]})

    found = unwrapped(f"{before}{given}{behind}")

    assert (found.text.strip(), found.unclear) == (given, "")


@pytest.mark.parametrize("text", ['Sure: {"a": 1} or</think>', 'Sure: {"a": 1}</think>Yes.', '<think>{"a": 1}'])
def test_object_that_was_only_thought_is_no_answer(text: str) -> None:
    """Nobody knows that it would have been said."""
    assert "{" not in unwrapped(text).text


@pytest.mark.parametrize(
    "text",
    [
        f"{ANSWER}\n{ANSWER}",
        f"First: {ANSWER} Better: {ANSWER}",
        f'{{"a": 1, }} Corrected: {ANSWER}',
        f"With slots such as {{t:E1}}: {ANSWER}",
        f"{ANSWER} }}",
        f"<|channel|>final<|message|>{ANSWER}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
    ],
)
@pytest.mark.parametrize("is_whole", [True, False])
def test_nothing_is_chosen_of_several(text: str, *, is_whole: bool) -> None:
    """Which of them was meant nobody knows, and a part of another one may be the better half."""
    assert (unwrapped(text, is_whole=is_whole).text, unwrapped(text, is_whole=is_whole).unclear) == (text, SEVERAL)


@pytest.mark.parametrize(
    "text",
    [
        "All is well.",
        "",
        "[]",
        f"[{ANSWER}]",
        f"The list: [{ANSWER}]",
        f'Here: {ANSWER}, "more"',
        f"Sure: {ANSWER[:-1]}",
        "Sure: {t:E1}",
        'Sure: {"a": 1,}',
        json.dumps(ANSWER),
    ],
)
def test_nothing_is_mended_or_taken_out_of_another_form(text: str) -> None:
    """What is no object, a part of one or one of a list is left as it came."""
    assert (unwrapped(text).text, unwrapped(text).unclear) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "<think>Is it green",
        "<think>no</think> <thinking>or",
        f"[THINK] {ANSWER}",
        f"<|channel|>analysis<|message|>{ANSWER}",
        f"<|channel|>commentary<|message|>{ANSWER}<|end|>",
    ],
)
def test_what_was_thought_and_never_said_is_no_answer(text: str) -> None:
    """Also where it looks like one."""
    assert unwrapped(text).text == ""


def test_answer_that_was_cut_begins_with_its_object() -> None:
    """Words before it would hide where its first sentence begins."""
    found = unwrapped(f"The answer [of 2]: {ANSWER[:-9]}", is_whole=False)

    assert (found.text, found.dropped) == (ANSWER[:-9], f"{DROPPED}words.")


#: Whatever a string of an answer may hold, with what stands around answers among it.
TEXTS = st.text(max_size=12) | st.lists(st.sampled_from([*QUOTED, "{", "}", '"', "\\", " "]), max_size=4).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=3)
#: Words of every kind that never open or close an object, a list or a thought.
WORDS = st.text(st.characters(exclude_characters="{}[],<>`|\ufeff", exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None)
@given(before=WORDS, value=OBJECTS, behind=WORDS)
def test_whatever_is_in_the_object_comes_back(before: str, value: dict[str, Any], behind: str) -> None:
    """Quotes and braces of its strings, and quotes of the words around it, mislead nobody."""
    text = f"{before}{json.dumps(value)}{behind}."  # without its full stop, "{}" in quotes is a string of JSON

    assert json.loads(unwrapped(text).text) == value


@settings(deadline=None)
@given(thought=st.lists(WORDS | OBJECTS.map(json.dumps), max_size=3), value=OBJECTS)
@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("<think>", "</think>"),
        ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ],
)
def test_whatever_was_thought_the_object_behind_it_comes_back(
    begins: str, ends: str, thought: list[str], value: dict[str, Any]
) -> None:
    """Also where a draft of it, with the same signs in its strings, was thought before."""
    assert json.loads(unwrapped(f"{begins}{' '.join(thought)}{ends}Sure: {json.dumps(value)}").text) == value


#: What misleads whoever looks for an object.
PIECES = ["{", "}", '"', "\\", "[", "]", ",", ":", "1", "a", " ", "```json\n", "```", "<think>", "</think>", "</s>"]
PIECES += ["<|channel|>", "final", "<|message|>", "<|end|>", '{"a": 1}', "\ufeff", '{"sentences": []}']


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join), st.booleans())
def test_any_text_gives_a_part_of_itself(text: str, is_whole: bool) -> None:  # noqa: FBT001 - hypothesis's own call
    """Nothing is added or put in another order, and what is taken out is an object unless it was cut."""
    found = unwrapped(text, is_whole=is_whole)

    assert found.text in text
    if "words" in found.dropped and is_whole:
        assert isinstance(json.loads(found.text), dict)


@pytest.mark.parametrize(
    "part",
    [
        '{"a":',
        '"',
        '\\"',
        "{",
        "}",
        "</think>",
        "<think>",
        "<|channel|>final",
        "<|channel|>",
        "```json\n",
        '{"\\',
        "<|a",
        '{"a":</think>',
        'x{"a":"</think>',
        '{"a":"</think>"}',
        '{"a":"<|channel|>final<|message|>"}',
        '{"a":"<|channel|>"},{"',
        '{"a":[0,0,0,',
        '{"a":[' + "0," * 900,
    ],
)
def test_time_grows_with_the_length_alone(part: str) -> None:
    """An answer of the greatest length takes no longer than its letters, however it is meant to mislead."""
    text = f"Sure: {part * (200_000 // len(part))}"[:200_000]

    began = time.process_time()
    unwrapped(text)
    unwrapped(text, is_whole=False)
    assert time.process_time() - began < 2
