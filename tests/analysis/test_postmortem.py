import json
import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chain import canonical_bytes
from analysis.document import MOST_CITED, NO_CAUSE, Basis, Document, Section
from analysis.errors import InvalidInput
from analysis.events import EventKind, Source, Tag
from analysis.evidence import Links
from analysis.milestones import Milestone
from analysis.postmortem import cited, claim_rows, claims, from_tree, summary_line, to_tree
from analysis.precision import Precision
from analysis.replayed import ADDED, added_opening
from analysis.timeline import timeline
from tests.effort import examples
from tests.ledgers import Ledger, document_of, eventful


def texts(section: Section) -> list[str]:
    """The sentences of a section."""
    return [statement.text for statement in section.statements]


def citations(document: Document, key: str) -> list[tuple[str, ...]]:
    """What each sentence of a section cites."""
    return [statement.events for statement in document.section(key).statements]


def test_document_has_the_sections_in_reading_order() -> None:
    """Every section is there, whether or not the record has something for it."""
    document = eventful().document()

    keys = [section.key for section in document.sections]

    assert keys == [
        "summary",
        "impact",
        "detection",
        "trigger",
        "contributing_factors",
        "response",
        "resolution",
        "durations",
        "timeline",
        "communication",
        "went_well",
        "not_so_well",
        "lucky",
        "open_questions",
        "recurrence",
        "action_items",
        "approvals",
    ]


def test_every_statement_cites_what_is_on_the_timeline() -> None:
    """All claims are supported, and only counts cite more than three events."""
    document = eventful().document()

    made = claims(document)

    assert len(made) > 40
    assert all(claim.supported for claim in made)
    assert [claim.text for claim in made if len(claim.events) > MOST_CITED] == []


def test_citations_follow_the_events() -> None:
    """Two events that change places take their citations along."""
    ledger = Ledger()
    ledger.declare()
    cause = ledger.note(5, "disk full")
    other = ledger.note(9, "restarted the pods")
    ledger.promote(cause, "cause")
    before = ledger.document()
    ledger.events[1] = replace(cause, occurred_at=other.occurred_at)
    ledger.events[2] = replace(other, occurred_at=cause.occurred_at)

    after = ledger.document()

    assert citations(before, "contributing_factors") == [("E2",)]
    assert citations(after, "contributing_factors") == [("E3",)]
    assert "disk full" in texts(after.section("contributing_factors"))[0]
    assert [row.said for row in after.timeline][1:] == ["restarted the pods", "disk full"]


def test_no_cause_is_stated_unless_a_person_tagged_one() -> None:
    """Without a tag the section says exactly that the cause is not yet established, whatever notes claim."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, "root cause: the deploy broke the cache")
    ledger.message(6, "caused by the deploy", ts="1709287560.000100")

    section = ledger.document().section("contributing_factors")

    assert section.statements == ()
    assert section.asks == ("Cause: not yet established.",)


def test_impact_is_measured_from_occurrence_to_recovery() -> None:
    """The length runs from when it began, not from when it was seen, to when service was back, not to the end."""
    ledger = Ledger()
    ledger.declare()
    for minutes, milestone in ((-5, "occurrence"), (-2, "detection"), (22, "mitigation"), (22, "recovery")):
        ledger.milestone(minutes, milestone)
    ledger.milestone(65, "resolution")

    section = ledger.document().section("impact")

    assert [(one.text, one.events, one.basis) for one in section.statements] == [
        ("From occurrence to recovery: 27 min.", ("E1", "E5"), Basis.DERIVED)
    ]


def test_impact_without_a_number_is_asked_for_one() -> None:
    """Whoever recorded what customers felt without saying how many is asked, and only they."""
    vague, exact = Ledger(), Ledger()
    for ledger, text in ((vague, "Some payments fail"), (exact, "3 % of payments fail")):
        ledger.declare()
        ledger.add(EventKind.IMPACT_SET, 4, text)

    asks = [ledger.document().section("impact").asks for ledger in (vague, exact)]

    assert asks == [("How many customers or payments were affected? The recorded impact has no number.",), ()]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(
            [("SEV3", "SEV1")], ["The severity was at worst SEV1, first at 2024-03-01 10:01:00 UTC."], id="up"
        ),
        pytest.param([("SEV3", "SEV4")], [], id="down"),
        pytest.param([("SEV3", "SEV4"), ("SEV4", "SEV3")], [], id="down-and-back"),
        pytest.param(
            [("SEV3", "SEV2"), ("SEV2", "SEV4"), ("SEV4", "SEV2")],
            ["The severity was at worst SEV2, first at 2024-03-01 10:01:00 UTC."],
            id="twice",
        ),
    ],
)
def test_worst_severity_is_told_only_where_it_got_worse_than_declared(
    changes: list[tuple[str, str]], told: list[str]
) -> None:
    """A change for the better, or back to what was declared, is not the worst of anything."""
    ledger = Ledger()
    ledger.declare(severity="SEV3")
    for minute, (before, after) in enumerate(changes, start=1):
        ledger.severity(minute, before, after)

    sentences = texts(ledger.document().section("summary"))

    assert [text for text in sentences if "worst" in text] == told


def test_reason_of_a_change_of_severity_is_told() -> None:
    """Why it was raised or lowered stands in the response and on the timeline, as somebody's words."""
    ledger = Ledger()
    ledger.declare()
    ledger.add(EventKind.SEVERITY_CHANGED, 2, "two banks report it", {"from": "SEV3", "to": "SEV1"})

    document = ledger.document()

    assert document.timeline[1].text == "Severity changed from SEV3 to SEV1: “two banks report it”"
    assert texts(document.section("response")) == [f"2024-03-01 10:02:00 UTC: {document.timeline[1].text}"]


def test_header_cites_the_entry_that_states_the_severity() -> None:
    """A change that is dated before the declaration is still what the severity rests on."""
    ledger = Ledger()
    ledger.declare(severity="SEV3")
    ledger.severity(-1, "SEV3", "SEV2")

    fact = ledger.document().facts[0]

    assert (fact.name, fact.value, fact.events) == ("Severity", "SEV2", ("E1",))


def test_what_a_replay_added_is_not_told_as_the_records_own() -> None:
    """Opening, closing and an assumed severity say whose they are, and neither header nor response states them."""
    ledger = Ledger()
    opening = {"severity": "SEV3", "visibility": "public", "phase": 1, **added_opening(states_severity=False)}
    ledger.add(EventKind.DECLARED, 0, "Cards fail", opening, source=Source.DEBRIEF)
    ledger.note(0, "It fails", source=Source.IMPORT)
    ledger.note(90, "It is back", source=Source.IMPORT)
    closing = {"move": "resolve", "from": "declared", "to": "resolved", "phase": 1, **ADDED}
    ledger.add(EventKind.STATUS_CHANGED, 90, "", closing, source=Source.DEBRIEF)

    document = ledger.document()

    assert document.severity is None
    assert [(row.text, row.said, row.who) for row in document.timeline if row.is_added] == [
        ("Opened by the replay: the record states no severity.", "", "Debrief"),
        ("Closed by the replay: no entry of the record changes its status to resolved.", "", "Debrief"),
    ]
    assert {fact.name: fact.value for fact in document.facts} == {
        "Not on record": "severity, visibility, incident commander, detected, mitigated and resolved",
        "Record": "2 entries over 1 h 30 min, and 2 added by the replay",
    }
    assert document.section("response").statements == ()
    assert not [text for text in texts(document.section("summary")) if "eclared" in text]
    assert texts(document.section("open_questions")) == [
        (
            "Nothing is on record for 1 h 30 min from 2024-03-01 10:00:00 UTC "
            "(limit 1 h, as for a SEV3, because no severity was on record)."
        )
    ]


def test_what_is_not_on_record_is_told_by_phase() -> None:
    """A header line names each phase once, with all that nobody recorded of it, and no phase that lacks nothing."""
    ledger = Ledger()
    ledger.declare()
    for phase in (2, 3):
        ledger.milestone(phase * 100 - 10, "resolution", phase=phase - 1)
        ledger.status(phase * 100 - 10, "declared", "resolved", phase=phase - 1)
        ledger.reopen(phase * 100, phase=phase)
    for milestone in ("detection", "mitigation"):
        ledger.milestone(205, milestone, phase=2)

    (told,) = [fact.value for fact in ledger.document().facts if fact.name == "Not on record"]

    assert told == ("incident commander; phase 1: detected and mitigated; phase 3: detected, mitigated and resolved")


def test_imported_moves_state_only_what_the_record_states() -> None:
    """A record from elsewhere says to which state and severity it changed, not from which."""
    ledger = Ledger()
    ledger.declare()
    status = {"move": "status", "from": "declared", "to": "mitigating", "phase": 1}
    ledger.add(EventKind.STATUS_CHANGED, 1, "", status, source=Source.IMPORT)
    ledger.add(EventKind.SEVERITY_CHANGED, 2, "", {"from": "SEV3", "to": "SEV1"}, source=Source.IMPORT)

    rows = ledger.document().timeline

    assert [row.text for row in rows[1:]] == ["Status changed to mitigating.", "Severity changed to SEV1."]


def test_missing_milestone_is_asked_with_the_entry_that_sounds_like_it() -> None:
    """The question quotes the entry, and nothing is set; what says that it did not happen is not asked about."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(1, "No alert was received")
    ledger.note(2, "Issue detected by the checkout team")
    ledger.note(9, "Attempted to roll back")
    ledger.note(12, "Rolled back to 4.1.9")
    ledger.note(15, "Service restored")

    document = ledger.document()

    assert document.section("detection").asks == (
        (
            "When was the detection? E3, 2024-03-01 10:02:00 UTC, says “Issue detected by the checkout team”: was that "
            "the detection? What noticed it first, an alert or a person? Nobody has tagged how it was detected."
        ),
    )
    assert document.section("resolution").asks == (
        (
            "When were the mitigation, recovery and resolution? E5, 2024-03-01 10:12:00 UTC, says “Rolled back to "
            "4.1.9”: was that the mitigation? E6, 2024-03-01 10:15:00 UTC, says “Service restored”: was that the "
            "recovery or the resolution? What ended it? Nobody has tagged what resolved the incident."
        ),
    )
    assert all(row.at is None for row in document.milestones)


def test_entries_are_suggested_in_their_own_phase_and_while_they_may_be_shown() -> None:
    """What was said before the reopening is no suggestion for what came after; what was deleted is none at all."""
    ledger = Ledger()
    ledger.declare()
    ledger.message(1, "detected: hunter2", ts="1709287560.000100")
    ledger.delete(2, ts="1709287560.000100")
    ledger.milestone(5, "detection")
    ledger.note(6, "Alert received")
    ledger.reopen(60, phase=2)
    ledger.note(61, "The same alert again: alerts from two banks")

    (ask,) = ledger.document().section("detection").asks

    assert ask.startswith("When was the detection, phase 2? E6, ")
    assert ask.count("was that the detection?") == 1
    assert "hunter2" not in ask


def test_what_is_well_or_came_after_the_cause_was_found_is_no_detection() -> None:
    """A cause that is not found yet, or that was only noted, ends nothing."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(1, "Root cause of last week's alerts: a full disk")
    ledger.note(2, "Smoke tests report all fine, cause not found")
    ledger.note(3, "Payments alert received")
    ledger.note(4, "[No Data] Ledger lag alert")
    ledger.note(5, "Root cause identified, fix planned")
    ledger.note(6, "Users were informed of the noise that alerts made")

    (ask,) = ledger.document().section("detection").asks

    assert _quoted(ask) == ["Payments alert received", "[No Data] Ledger lag alert"]


def test_what_is_only_begun_is_no_mitigation_and_a_closed_outage_is_over() -> None:
    """A rollback that was triggered has done nothing yet."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(1, "Began working on rollback")
    ledger.note(2, "Pipeline triggered for rollback")
    ledger.note(3, "Rollback done")
    ledger.note(4, "All consumers were running with the old key again")
    ledger.note(5, "Outage closed")
    ledger.note(6, "Customers alerted us to missing mails")

    document = ledger.document()

    assert _quoted(document.section("resolution").ask) == [
        "Rollback done",
        "All consumers were running with the old key again",
        "Outage closed",
    ]
    assert not _quoted(document.section("detection").ask)


def _quoted(question: str) -> list[str]:
    return re.findall(r"says “([^”]*)”", question)


def test_nothing_is_asked_twice() -> None:
    """Each milestone that nobody set is asked for once, and every section asks at most once."""
    ledger = Ledger()
    ledger.declare()

    sections = ledger.document().sections

    asked = " ".join(section.ask for section in sections)
    assert {name: len(re.findall(rf"the [^?]*\b{name}\b[^?]*\?", asked)) for name in Milestone} == dict.fromkeys(
        Milestone, 1
    )
    assert max(len(section.asks) for section in sections) == 1


def test_summary_repeats_no_sentence_of_another_section() -> None:
    """Impact, mitigation and resolution stand in their own sections only."""
    document = eventful().document()

    elsewhere = {text for section in document.sections[1:] if section.key != "response" for text in texts(section)}

    assert not elsewhere & set(texts(document.section("summary")))
    assert "3 % of card payments fail" not in " ".join(texts(document.section("summary")))


def test_sections_ask_where_the_record_is_silent() -> None:
    """A record of one declaration states nothing about impact, trigger, resolution or luck, and asks instead."""
    ledger = Ledger()
    ledger.declare()

    document = ledger.document()

    silent = [
        section.key
        for section in document.sections
        if not section.statements and section.key not in {"durations", "timeline", "approvals"}
    ]
    assert silent == [
        "impact",
        "detection",
        "trigger",
        "contributing_factors",
        "response",
        "resolution",
        "communication",
        "went_well",
        "not_so_well",
        "lucky",
        "open_questions",
        "recurrence",
        "action_items",
    ]
    assert all(document.section(key).ask for key in silent)


def test_messages_are_quotations_until_a_responder_vouches() -> None:
    """A chat message proves only that somebody said it; promoted, it is stated."""
    ledger = Ledger()
    ledger.declare()
    said = ledger.message(5, "database is down", ts="1709287560.000100")
    quoted = ledger.document().timeline[1]
    ledger.promote(said, "fact")

    stated = ledger.document().timeline[1]

    assert (quoted.text, quoted.basis) == ("“database is down”", Basis.QUOTATION)
    assert (stated.text, stated.basis) == ("database is down.", Basis.FACT)


def test_deleted_messages_are_not_quoted_anywhere() -> None:
    """What an author deleted is named with its label and nowhere repeated, not even if it was promoted."""
    ledger = Ledger()
    ledger.declare()
    said = ledger.message(5, "hunter2", ts="1709287560.000100")
    ledger.promote(said, "fact")
    ledger.promote(said, "cause")
    ledger.delete(6, ts="1709287560.000100")

    document = ledger.document()

    assert "hunter2" not in json.dumps(to_tree(document))
    assert document.timeline[1].text == "A message was deleted in Slack by its author after it was recorded."
    assert ("E2",) in citations(document, "open_questions")


@pytest.mark.parametrize(
    ("tag", "key", "words"),
    [
        ("went_well", "went_well", "what went well"),
        ("not_so_well", "not_so_well", "what did not go so well"),
        ("lucky", "lucky", "luck"),
        ("recurrence", "recurrence", "recurrence"),
        ("action_item", "action_items", "action item"),
    ],
)
def test_what_people_say_in_the_review_stands_where_it_was_asked(tag: str, key: str, words: str) -> None:
    """It is quoted under its author's name with who tagged it, and the rest of the document states nothing of it."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(1, "the pool is full")
    said = ledger.note(90, "The runbook was out of date; Bo rewrites it by 1 April")
    without = ledger.document()
    ledger.promote(said, tag)

    document = ledger.document()

    (statement,) = document.section(key).statements
    assert "“The runbook was out of date; Bo rewrites it by 1 April” (tagged as" in statement.text
    assert f"(tagged as {words} by " in statement.text
    assert (document.section(key).asks, without.section(key).statements) == ((), ())
    assert without.section(key).ask
    others = [section for section in document.sections if section.key not in {key, "timeline"}]
    assert others == [section for section in without.sections if section.key not in {key, "timeline"}]
    assert all(claim.supported for claim in claims(document))


def test_what_was_tagged_is_asked_again_once_it_cannot_be_read() -> None:
    """That a message was deleted, or a text erased, is no cause, trigger or way of noticing."""
    ledger = Ledger()
    ledger.declare()
    cause = ledger.message(1, "the pool is too small", ts="1709287260.000100")
    trigger = ledger.note(2, "deployed 4.2.0", erased=frozenset({"text"}))
    kept = ledger.note(3, "the alert told us")
    for event, tag in ((cause, "cause"), (trigger, "trigger"), (kept, "detection")):
        ledger.promote(event, tag)
    before = ledger.document()

    ledger.delete(4, ts="1709287260.000100")
    document = ledger.document()

    assert before.section("contributing_factors").asks == ()
    assert document.section("contributing_factors").asks == (NO_CAUSE,)
    assert document.section("trigger").asks == ("What set it off? What was tagged cannot be read any more.",)
    assert not any("What noticed it first" in ask for ask in document.section("detection").asks)
    assert all(len(document.section(key).statements) == 1 for key in ("contributing_factors", "trigger"))
    assert summary_line(before, 1).endswith("; cause tagged.")
    assert summary_line(document, 2).endswith("; cause not yet tagged.")


def test_number_that_was_deleted_is_asked_again() -> None:
    """Impact that was stated without a number is not completed by a message that nobody can read any more."""
    ledger = Ledger()
    ledger.declare()
    ledger.add(EventKind.IMPACT_SET, 1, "some customers could not pay")
    ledger.promote(ledger.message(2, "412 payments failed", ts="1709287260.000100"), "impact")
    before = ledger.document()

    ledger.delete(3, ts="1709287260.000100")

    asked = ("How many customers or payments were affected? The recorded impact has no number.",)
    assert (before.section("impact").asks, ledger.document().section("impact").asks) == ((), asked)


def test_revised_messages_show_the_last_text_and_say_so() -> None:
    """The last version is quoted, marked as revised."""
    ledger = Ledger()
    ledger.declare()
    ledger.message(5, "first", ts="1709287560.000100")
    ledger.version(6, "second", ts="1709287560.000100", since="1709287700.000000")

    row = ledger.document().timeline[1]

    assert row.text == "“second” (revised in Slack; the last of 2 texts)"
    assert row.is_revised


def test_erased_texts_are_not_shown() -> None:
    """A field that was erased on request leaves a sentence that says so."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, "", erased=frozenset({"text"}))

    row = ledger.document().timeline[1]

    assert (row.text, row.said) == ("The text was erased on request.", "")


def test_people_appear_by_role_and_by_name_only_through_the_mapping() -> None:
    """Without names the document holds none, and no id either."""
    ledger = eventful()

    tree = json.dumps(to_tree(ledger.document(names=lambda actor: actor)))

    assert "incident commander" in tree
    assert not [word for word in ("Ada", "Bo ", "(Bo", "UADA", "UBO") if word in tree]


def test_mentions_of_people_become_names() -> None:
    """An id within a quotation reads as the person's name where one is known."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, "ask @UBO, not @UNKNOWN1 or a@UBO")

    row = ledger.document().timeline[1]

    assert row.text == "“ask @Bo, not @UNKNOWN1 or a@UBO”"
    assert row.said == "ask @UBO, not @UNKNOWN1 or a@UBO"


def test_who_commanded_is_told_with_its_times() -> None:
    """A change of command shows from when to when, and an empty seat is not skipped."""
    ledger = Ledger()
    ledger.declare()
    ledger.role(1, "incident_commander", "slack:UADA")
    ledger.role(20, "incident_commander", "")
    ledger.role(30, "incident_commander", "slack:UNKNOWN")

    document = ledger.document()

    assert texts(document.section("response")) == [
        "Ada was incident commander from 2024-03-01 10:01:00 UTC to 2024-03-01 10:20:00 UTC.",
        "A responder was incident commander from 2024-03-01 10:30:00 UTC on.",
    ]
    assert citations(document, "response") == [("E2", "E3"), ("E4",)]


def test_durations_are_by_phase_and_keep_days() -> None:
    """Three days are 72 hours, a reopening begins anew, and a missing milestone gives no duration."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(0, "detection")
    ledger.milestone(3 * 24 * 60, "resolution")
    ledger.reopen(5000, phase=2)

    rows = {(row.name, row.phase): row for row in ledger.document().durations}

    assert len(rows) == 8
    assert rows["time_to_resolve", 1].seconds == 259200
    assert rows["time_to_resolve", 1].text == "72 h"
    assert rows["time_to_resolve", 1].events == ("E3", "E2")
    assert rows["time_to_resolve", 2].seconds is None
    assert rows["time_to_resolve", 2].text == "detection and resolution not set"


def test_reversed_milestones_give_no_duration_but_a_reason() -> None:
    """A resolution before its detection is a contradiction, never a negative or a guessed length."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(30, "detection")
    ledger.milestone(10, "resolution")

    row = next(row for row in ledger.document().durations if row.name == "time_to_resolve")

    assert (row.seconds, row.text, row.events) == (None, "resolution lies before detection", ())


def test_milestones_too_coarse_to_tell_which_came_first_give_no_duration() -> None:
    """An hour that begins before a detection may end after it, so neither order is stated."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(30, "detection")
    ledger.milestone(10, "resolution", precision=Precision.HOUR)

    row = next(row for row in ledger.document().durations if row.name == "time_to_resolve")

    assert row.text == "resolution and detection are not known well enough to tell which came first"
    assert ledger.document().findings.contradictions == ()


def test_milestone_table_lists_all_seven_of_each_phase() -> None:
    """What nobody set is there without a time."""
    ledger = eventful()

    rows = ledger.document().milestones

    assert len(rows) == 14
    assert [row.milestone.value for row in rows if row.phase == 1 and row.at is None] == ["classification", "recovery"]


def test_coarse_times_are_not_shown_finer_than_they_are_known() -> None:
    """A day is shown as a day, and a suspicious midnight as uncertain."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(5, "detection", precision=Precision.DAY)
    ledger.milestone(10, "resolution", precision=Precision.MINUTE_UNCERTAIN)

    section = ledger.document().section("resolution")

    assert texts(section) == [
        "Resolved at 2024-03-01 10:10 UTC (time uncertain), less than 1 day (day only) after the detection."
    ]
    assert texts(ledger.document().section("detection")) == ["Detected at 2024-03-01 (day only)."]


def test_lengths_are_not_shown_finer_than_their_ends_are_known() -> None:
    """A detection known to the minute gives no seconds to any length that it is an end of."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(-20, "detection", precision=Precision.MINUTE)
    ledger.milestone(-1 / 30, "awareness")
    ledger.milestone(200 - 1 / 30, "resolution")

    document = ledger.document()

    assert {row.name: row.text for row in document.durations if row.seconds is not None} == {
        "time_to_acknowledge": "19 min",
        "time_to_resolve": "3 h 39 min",
    }
    assert texts(document.section("resolution")) == [
        "Resolved at 2024-03-01 13:19:58 UTC, 3 h 39 min after the detection."
    ]
    assert next(fact.value for fact in document.facts if fact.name == "Record") == "4 entries over 3 h 39 min"


@pytest.mark.parametrize("source", [Source.WEBHOOK, Source.IMPORT])
def test_evidence_links_go_only_where_the_site_allows(source: Source) -> None:
    """A message links to itself; a link out needs plain https, and a sender with a secret or else an allowed host."""
    ledger = Ledger()
    ledger.declare()
    ledger.message(5, "down", ts="1709287560.000100")
    for minutes, link in enumerate(
        ["https://ci.bank.example/1", "https://evil.example/1", "javascript:alert(1)", "https://ci.bank.example/)x"], 6
    ):
        ledger.add(EventKind.DEPLOY, minutes, "", {"service": "a", "link": link}, source=source)
    links = Links(workspace_url="https://bank.slack.com", hosts=frozenset({"ci.bank.example"}))

    rows = ledger.document(links=links).timeline

    assert [row.link for row in rows] == [
        "",
        "https://bank.slack.com/archives/C1/p1709287560000100",
        "https://ci.bank.example/1",
        "https://evil.example/1" if source is Source.WEBHOOK else "",
        "",
        "",
    ]


def test_long_records_are_never_cut() -> None:
    """Of 500 events all are on the timeline, and the last change of status is told."""
    ledger = Ledger()
    ledger.declare()
    for number in range(498):
        ledger.note(number + 1, f"step {number}")
    ledger.status(600, "declared", "resolved")

    document = ledger.document()

    assert len(document.timeline) == 500
    assert texts(document.section("response"))[-1].endswith("Status changed from declared to resolved.")
    assert citations(document, "response")[-1] == ("E500",)


def test_tree_comes_back_as_the_same_document() -> None:
    """The JSON form keeps everything, also through its bytes."""
    document = eventful().document()

    again = from_tree(json.loads(canonical_bytes(to_tree(document))))

    assert again == document
    assert canonical_bytes(to_tree(again)) == canonical_bytes(to_tree(document))


@pytest.mark.parametrize(
    "damage",
    [
        {"form": "postmortem/0"},
        {"sections": None},
        {"severity": "SEV9"},
        {"number": "twelve"},
        {"timeline": [{"label": "E1"}]},
    ],
)
def test_damaged_trees_are_refused(damage: dict[str, object]) -> None:
    """A stored document that is not one is refused in words."""
    tree = to_tree(eventful().document())

    with pytest.raises(InvalidInput, match="postmortem"):
        from_tree({**tree, **damage})


def test_same_facts_in_any_order_of_arrival_give_the_same_bytes() -> None:
    """Ids, sequence numbers and the instants of recording leave no trace in the document."""
    ledger = eventful()
    incident = ledger.incident()
    settled = [event for event in ledger.events if event.kind is not EventKind.MILESTONE_SET]
    one = document_of(settled, incident)
    shuffled = [
        replace(event, seq=place, hash=b"other", recorded_at=event.recorded_at + timedelta(days=place))
        for place, event in enumerate([settled[0], *reversed(settled[1:])], start=1)
    ]

    other = document_of(shuffled, incident)

    assert canonical_bytes(to_tree(one)) == canonical_bytes(to_tree(other))


def test_claim_rows_have_the_fields_of_the_contract() -> None:
    """A row of claims.jsonl has section, text, events and supported, and nothing else."""
    rows = claim_rows(eventful().document())

    assert {tuple(row) for row in rows} == {("section", "text", "events", "supported")}
    assert rows[0] == {"section": "facts", "text": "Severity: SEV1", "events": ["E9"], "supported": True}


def test_unknown_labels_make_a_claim_unsupported() -> None:
    """A statement that cites what is not on the timeline, or nothing, is not supported, and the summary counts it."""
    document = eventful().document()
    first = document.sections[0]
    statements = (replace(first.statements[0], events=("E99",)), replace(first.statements[1], events=()))
    forged = replace(document, sections=(replace(first, statements=statements), *document.sections[1:]))

    line = summary_line(forged, 3)

    assert "2 at odds with the entries they cite" in line


def test_summary_line_says_how_the_draft_stands() -> None:
    """The offer counts statements, contradictions and gaps, and says whether a cause is tagged."""
    plain = Ledger()
    plain.declare()

    lines = [summary_line(eventful().document(), 2), summary_line(plain.document(), 1)]

    assert lines == [
        (
            "Draft 2 is ready: 45 statements, each agrees with the times, counts and quotations of the entries "
            "it cites; 1 contradiction and 3 gaps to look at; cause tagged."
        ),
        (
            "Draft 1 is ready: 5 statements, each agrees with the times, counts and quotations of the entries "
            "it cites; no contradictions or gaps; cause not yet tagged."
        ),
    ]


def test_cited_events_are_those_of_the_timeline() -> None:
    """Every line of the timeline counts as evidence; what came later does not."""
    ledger = eventful()
    document = ledger.document()
    entries = timeline(ledger.events)
    later = ledger.note(700, "said later")

    found = cited(document, timeline(ledger.events))

    assert found == {entry.event.id for entry in entries}
    assert later.id not in found


def test_empty_record_gives_a_document_that_only_asks() -> None:
    """A timeline without entries is no error."""
    ledger = Ledger()
    ledger.declare()

    document = document_of([], ledger.incident())

    assert claims(document) == ()
    assert from_tree(to_tree(document)) == document


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["note", "status", "severity", "milestone", "reopen", "message", "impact"]),
            st.floats(-1500, 3000),
            st.text(max_size=40),
            st.sampled_from(["", *Tag]),
            st.sampled_from(Milestone),
            st.sampled_from(Precision),
        ),
        max_size=15,
    )
)
def test_any_record_gives_a_document_whose_statements_are_supported(
    steps: list[tuple[str, float, str, str, Milestone, Precision]],
) -> None:
    """Whatever is recorded, every statement cites its events, at most three of them unless it counts."""
    ledger = Ledger()
    ledger.declare()
    for number, (kind, minutes, text, tag, milestone, known) in enumerate(steps):
        phase = ledger.incident().phase
        event = {
            "note": lambda m=minutes, t=text, k=known: ledger.note(m, t, precision=k),
            "status": lambda m=minutes, p=phase: ledger.status(m, "investigating", "monitoring", phase=p),
            "severity": lambda m=minutes: ledger.severity(m, "SEV3", "SEV2"),
            "milestone": lambda m=minutes, w=milestone, p=phase, k=known: ledger.milestone(m, w, phase=p, precision=k),
            "reopen": lambda m=minutes, p=phase, t=text: ledger.reopen(m, phase=p + 1, reason=t),
            "message": lambda m=minutes, t=text, n=number: ledger.message(m, t, ts=f"{1709287560 + n}.000100"),
            "impact": lambda m=minutes, t=text: ledger.add(EventKind.IMPACT_SET, m, t),
        }[kind]()
        if tag:
            ledger.promote(event, tag)

    document = ledger.document()

    assert all(claim.supported for claim in claims(document))
    assert from_tree(to_tree(document)) == document
    for section in document.sections:
        if section.key != "open_questions":
            assert all(len(statement.events) <= MOST_CITED for statement in section.statements)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param(("SEV2", "SEV3"), False, id="fell"),
        pytest.param(("SEV2", "SEV1"), True, id="rose"),
        pytest.param(("SEV2", "SEV4", "SEV2"), False, id="rose-to-what-it-was"),
    ],
)
def test_worst_severity_is_told_where_it_was_not_declared_so(changes: tuple[str, ...], told: bool) -> None:  # noqa: FBT001
    """What it was declared as needs no second sentence."""
    ledger = Ledger()
    ledger.declare(severity=changes[0])
    for minutes, (before, after) in enumerate(pairwise(changes), start=1):
        ledger.severity(minutes, before, after)

    assert any("at worst" in text for text in texts(ledger.document().section("summary"))) is told


def test_length_of_the_impact_is_told_from_occurrence_to_recovery() -> None:
    """Both milestones are cited; without the second, or with the two the wrong way round, nothing is told."""
    whole, half, reversed_ = Ledger(), Ledger(), Ledger()
    for ledger, minutes in (
        (whole, {"occurrence": 0, "recovery": 95}),
        (half, {"occurrence": 0}),
        (reversed_, {"occurrence": 20, "recovery": 10}),
    ):
        ledger.declare(2)
        for milestone, at in minutes.items():
            ledger.milestone(at, milestone)

    told = [
        [text for text in texts(ledger.document().section("impact")) if "recovery" in text]
        for ledger in (whole, half, reversed_)
    ]

    assert told == [["From occurrence to recovery: 1 h 35 min."], [], []]
