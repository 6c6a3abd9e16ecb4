"""Sentences that people type: each is read as it stands or refused, and none is guessed at."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from analysis.errors import InvalidInput
from analysis.events import Source
from analysis.times import split_time
from bot.usecases.verbs import Asker, Form, Query, Request, parse
from tests.factories import make_person

#: The sentence, words of its refusal, and why it is refused.
REFUSED = [
    ("duplicate 12 hours of waiting", "duplicate of 12", "12 are hours, not an incident"),
    ("duplicate 12 of the same", "duplicate of 12", "the number may belong to the words"),
    ("duplicate of 12hours", "duplicate of 12", "a number glued to a word is none"),
    ("duplicate of the one before", "duplicate of 12", "there is no number"),
    ("duplicate of 0", "duplicate of 12", "no incident has this number"),
    ("duplicate", "duplicate of 12", "there is no number"),
    ("severity 2 hours of outage", "severity SEV2 reason", "2 are hours, not a severity"),
    ("severity 1 of 3 regions is down", "severity SEV2 reason", "1 is a region"),
    ("severity minor since 12:00", "is not a severity", "minor is a word, 12 a time"),
    ("severity SEV2: money at risk", "is not a severity", "a colon is no part of a severity"),
    ("severity sev 2", "is not a severity", "a severity is one word"),
    ("severity 6", "is not a severity", "there are five"),
    ("declare SEV 2 cards fail", "declare SEV2", "the severity would become part of the title"),
    ("declare P1 cards fail", "declare SEV2", "a priority was meant as the severity"),
    ("declare prio 1 cards fail", "declare SEV2", "a priority was meant as the severity"),
    ("declare SEV1, cards fail", "declare SEV2", "the severity would become part of the title"),
    ("declare (SEV1) cards fail", "declare SEV2", "the severity would become part of the title"),
    ("declare SEV one cards fail", "declare SEV2", "the severity would become part of the title"),
    ("declare cards fail SEV1", "names a severity", "it would be SEV3, and need no second pair of eyes"),
    ("declare SEV6 cards fail", "is not a severity", "there are five"),
    ("declare SEV1 SEV2 cards fail", "declare SEV2", "there are two"),
    ("declare private: SEV1 cards fail", "declare SEV2", "the severity comes first"),
    ("declare SEV2 private key leaked", "declare SEV2 private: key leaked", "private may be part of the title"),
    ("declare SEV1 Private banking down", "declare SEV1 public: Private banking down", "it may be part of the title"),
    ("declare private banking down", "declare SEV3 private: banking down", "it may be part of the title"),
    ("declare SEV1 private, key leaked", "declare SEV1 private: key leaked", "a comma is no colon"),
    ("declare SEV1 [Private] key leaked", "declare SEV1 private: key leaked", "brackets are no colon"),
    ("declare SEV1 \u201cprivate\u201d key leaked", "declare SEV1 private: key leaked", "nor are quotation marks"),
    ("declare SEV1 _private_ key leaked", "declare SEV1 private: key leaked", "nor is what makes it slanted"),
    ("declare SEV1 *private* key leaked", "declare SEV1 private: key leaked", "nor is what makes it bold"),
    ("declare SEV1 \U0001f512 private key leaked", "declare SEV1 private: key leaked", "an emoji is no colon"),
    ("declare SEV1 key leaked (private)", "declare SEV1 private: key leaked", "it is said at the end"),
    ("declare SEV1 key leaked --private", "declare SEV1 private: key leaked", "it is said at the end"),
    ("declare SEV1 key leaked, private", "declare SEV1 public: key leaked, private", "it is said at the end"),
    ("declare SEV1 key \u2014private leaked", "declare SEV1 private: key leaked", "it is said in between"),
    ("declare visibility: private key leaked", "declare SEV3 private: ", "it is said in other words"),
    ("declare key leaked private: ask legal", "declare SEV3 private: ", "it is said in between"),
    ("declare cards fail \uff33\uff25\uff36\uff11", "names a severity", "wide letters are letters"),
    ("declare SEV-1 cards fail", "declare SEV2", "the severity would become part of the title"),
    ("declare severity 2 cards fail", "declare SEV2", "the severity would become part of the title"),
    ("list sev1", "list all", "the list cannot be narrowed"),
    ("status back to normal", "is not a status", "no state is called so"),
    ("status mitigating now", "is not a status", "words after the state would be lost"),
    ("role commander for otto", "is not a role", "nobody is named"),
    ("role commander otto", "is not a role", "a name without @ may be a word"),
    ("role 2 scribes", "Say the role and who", "no role begins with a number"),
    ("milestone detection", "Say when", "now would be a guess"),
    ("milestone detection phase 1", "Say when", "now is no time of an earlier phase"),
    ("milestone detection now phase 1", "Say when in phase 1", "now is no time of an earlier phase"),
    ("milestone noticed 09:12", "is not a milestone", "there are seven names"),
    ("milestone 09:12 detection", "is not a milestone", "the name comes first"),
    ("milestone", "Say which and when", "there is no name"),
    ("promote E7 cause", "promote E7 as cause", "a tag comes after as"),
    ("promote E7 as root cause", "is not a tag", "there are eleven tags"),
    ("promote E7 as culprit", "is not a tag", "there are eleven tags"),
    ("promote", "promote E7 as cause", "nothing is named"),
    ("unpromote cause", "by its label", "nothing is named"),
    ("unpromote E7 cause", "unpromote E7 [as cause]", "a tag comes after as"),
    ("correct 7 done", "by its label", "7 may be a word of the text"),
    ("correct it was the cache", "by its label", "nothing is named"),
    ("correct", "by its label", "nothing is named"),
    ("withdraw the note", "by its label", "nothing is named"),
    ("restore", "by its label", "nothing is named"),
    ("resolve tomorrow", "takes no words", "it would be resolved now"),
    ("resolve it was the cache", "takes no words", "the words would be lost"),
    ("private please", "takes no words", "the words would be lost"),
    ("public again", "takes no words", "the words would be lost"),
    ("#0 status", "no incident #0", "no incident has this number"),
    ("#12abc status", "I do not know", "a number glued to a word is none"),
    ("12 status", "I do not know", "an incident is named with #"),
    ("# 12 status", "I do not know", "an incident is named with #12 as one word"),
]

#: The sentence and what of its command must be so.
READ: list[tuple[str, dict[str, Any]]] = [
    ("duplicate of 12", {"duplicate_of": 12, "reason": ""}),
    ("duplicate 12", {"duplicate_of": 12, "reason": ""}),
    ("duplicate #12", {"duplicate_of": 12, "reason": ""}),
    ("duplicate #12 same pool", {"duplicate_of": 12, "reason": "same pool"}),
    ("duplicate of 12 12 hours of waiting", {"duplicate_of": 12, "reason": "12 hours of waiting"}),
    ("duplicate of #12\nsame pool", {"duplicate_of": 12, "reason": "same pool"}),
    ("severity 2", {"severity": "SEV2", "reason": ""}),
    ("severity sev2 2 hours of outage", {"severity": "SEV2", "reason": "2 hours of outage"}),
    ("severity SEV1\nmoney at risk", {"severity": "SEV1", "reason": "money at risk"}),
    ("declare SEV2 2 regions fail", {"severity": "SEV2", "title": "2 regions fail"}),
    ("declare SEV1: cards fail", {"severity": "SEV1", "title": "cards fail"}),
    ("declare sev1:cards fail", {"severity": "SEV1", "title": "cards fail"}),
    ("declare SEV1 - cards fail", {"severity": "SEV1", "title": "cards fail"}),
    ("declare SEV1\ncards fail", {"severity": "SEV1", "title": "cards fail"}),
    ("declare\tSEV1\u00a0cards fail", {"severity": "SEV1", "title": "cards fail"}),
    (
        "declare SEV2 cards fail as in the SEV1 before",
        {"severity": "SEV2", "title": "cards fail as in the SEV1 before"},
    ),
    ("declare P99 latency doubled", {"severity": "SEV3", "title": "P99 latency doubled"}),
    ("declare several 1s in a row", {"severity": "SEV3", "title": "several 1s in a row"}),
    ("declare SEV2 private: key leaked", {"severity": "SEV2", "visibility": "private", "title": "key leaked"}),
    ("declare SEV2 Private : key leaked", {"visibility": "private", "title": "key leaked"}),
    ("declare SEV2 --private key leaked", {"visibility": "private", "title": "key leaked"}),
    ("declare SEV2 \u2014private key leaked", {"visibility": "private", "title": "key leaked"}),
    ("declare private: key leaked", {"severity": "SEV3", "visibility": "private", "title": "key leaked"}),
    ("declare SEV2 public: Private banking down", {"visibility": "public", "title": "Private banking down"}),
    ("declare SEV2 public website down", {"visibility": "public", "title": "public website down"}),
    ("declare SEV2 privately held keys lost", {"visibility": "public", "title": "privately held keys lost"}),
    ("declare SEV2 key of private users lost", {"visibility": "public", "title": "key of private users lost"}),
    (
        "declare SEV2 private-link endpoints down",
        {"visibility": "public", "title": "private-link endpoints down"},
    ),
    ("declare SEV2 private_key lost", {"visibility": "public", "title": "private_key lost"}),
    ("declare SEV2 bucket is non-private", {"visibility": "public", "title": "bucket is non-private"}),
    (
        "declare SEV2 public: bucket no longer private",
        {"visibility": "public", "title": "bucket no longer private"},
    ),
    ("declare SEV2 private: our (private) key", {"visibility": "private", "title": "our (private) key"}),
    ("declare SEV2 db.private unreachable", {"visibility": "public", "title": "db.private unreachable"}),
    ("declare \uff33\uff25\uff36\uff11\u3000cards fail", {"severity": "SEV1", "title": "cards fail"}),
    ("declare SEV1 private\uff1a\uff2b leaked", {"visibility": "private", "title": "\uff2b leaked"}),
    ("declare 500 errors", {"severity": "SEV3", "title": "500 errors"}),
    ("declare several cards fail", {"severity": "SEV3", "title": "several cards fail"}),
    ("role commander", {"role": "incident_commander"}),
    ("note 12 servers down", {"text": "12 servers down", "when": ""}),
    ("correct E7 12 servers down", {"label": "E7", "text": "12 servers down"}),
    ("correct e7 14:02 rolled back", {"label": "E7", "text": "14:02 rolled back"}),
    ("correct E7\nrolled back", {"label": "E7", "text": "rolled back"}),
    ("withdraw E7 wrong incident", {"label": "E7", "reason": "wrong incident"}),
    ("restore E7", {"label": "E7", "reason": ""}),
    ("promote E7", {"what": "E7", "tag": "fact"}),
    ("promote E7 as Cause", {"what": "E7", "tag": "cause"}),
    ("promote E7 as none", {"label": "E7", "tag": None}),
    ("promote E7 as action item", {"what": "E7", "tag": "action_item"}),
    ("promote E7 as Not so well", {"what": "E7", "tag": "not_so_well"}),
    ("unpromote E7 as went-well", {"label": "E7", "tag": "went_well"}),
    ("role Communications  lead me", {"role": "communications_lead"}),
    ("note: rolled back", {"text": "rolled back"}),
    ("Note:14:02 rolled back", {"text": "14:02 rolled back"}),
    ("#7 update: all is well", {"number": 7, "text": "all is well"}),
    ("unpromote E7", {"label": "E7", "tag": None}),
    ("unpromote E7 as cause", {"label": "E7", "tag": "cause"}),
    ("milestone detection 09:12", {"milestone": "detection", "when": "09:12", "phase": None}),
    ("milestone detection 09:12 phase 1", {"milestone": "detection", "when": "09:12", "phase": 1}),
    ("milestone detection yesterday 23:10 Phase 2", {"milestone": "detection", "when": "yesterday 23:10", "phase": 2}),
    ("milestone detection now", {"milestone": "detection", "when": "now", "phase": None}),
    ("milestone detection none", {"milestone": "detection", "phase": None}),
    ("milestone detection NONE phase 1", {"milestone": "detection", "phase": 1}),
    ("#7 duplicate of 12", {"number": 7, "duplicate_of": 12}),
    ("resolve confirm", {"is_confirmed": True}),
]

#: What a note is, and the time that it begins with; a number alone is a number of the words.
NOTES = [
    ("12 servers down", None),
    ("5.30 rolled back", None),
    ("14.02 rolled back", None),
    ("1430 rolled back", None),
    ("9 am pods restarted", "9 am"),
    ("3 replicas, 2 am", None),
    ("2pm2 restarted", None),
    ("14:02 rolled back", "14:02"),
    ("14:2 rolled back", None),
    ("16:9 screens are black", None),
    ("14:02-14:05 was bad", None),
    ("5m ago rolled back", "5m ago"),
    ("5 minutes of silence", None),
    ("today is a holiday", None),
    ("-5m rolled back", None),
    ("10:30", "10:30"),
]


def _asker() -> Asker:
    def person(_: str) -> Any:
        return make_person()

    return Asker(
        person=make_person(),
        workspace_id=UUID(int=2),
        natural_key="test:1",
        source=Source.SLACK,
        resolve_person=person,
        channel="C1",
    )


@pytest.mark.parametrize(("sentence", "words", "why"), REFUSED, ids=[sentence for sentence, _, _ in REFUSED])
def test_sentence_that_could_mean_two_things_is_refused(sentence: str, words: str, why: str) -> None:
    """The refusal says how to say it."""
    with pytest.raises(InvalidInput) as refused:
        parse(sentence, _asker())

    assert words in refused.value.message, why


@pytest.mark.parametrize(("sentence", "fields"), READ, ids=[sentence for sentence, _ in READ])
def test_sentence_is_read_as_it_stands(sentence: str, fields: dict[str, Any]) -> None:
    """Every field of the command is what was typed."""
    parsed = parse(sentence, _asker())

    assert isinstance(parsed, Request)
    assert {name: getattr(parsed.command, name) for name in fields} == fields


@pytest.mark.parametrize(("text", "time"), NOTES, ids=[text for text, _ in NOTES])
def test_note_begins_with_a_time_only_where_nothing_else_can_be_meant(text: str, time: str | None) -> None:
    """What is no time stays in the text, to the letter."""
    found, rest = split_time(text)

    assert found == time
    assert rest == (text if time is None else text.removeprefix(time).lstrip())


@pytest.mark.parametrize(
    ("sentence", "kind", "name"),
    [
        ("", Query, "card"),
        ("#12", Query, "card"),
        ("status", Query, "card"),
        ("list all", Query, "list_all"),
        ("timeline", Query, "timeline"),
        ("declare", Form, "declare"),
        ("declare private", Form, "declare"),
        ("declare SEV1", Form, "declare"),
    ],
)
def test_sentence_without_words_asks_or_shows(sentence: str, kind: Callable[..., Any], name: str) -> None:
    """Nothing is recorded for a verb that is given nothing."""
    parsed = parse(sentence, _asker())

    assert isinstance(parsed, kind)  # type: ignore[arg-type]
    assert parsed.name == name
