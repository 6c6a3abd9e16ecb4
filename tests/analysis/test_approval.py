from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analysis.approval import (
    Signatory,
    SignedContent,
    authors_of,
    check_approver,
    signed_hash,
    with_approval,
    without_approval,
    worst_severity,
)
from analysis.errors import Forbidden, NotFound
from analysis.incident import FOUR_EYES_SEVERITIES, Incident, Role, Severity, Visibility
from analysis.people import Access, Person
from analysis.postmortem import claim_rows, to_tree
from tests.ledgers import Ledger, eventful

ADA = Person(id="slack:UADA", access=frozenset({Access.RESPONDER}))
BO = Person(id="slack:UBO", access=frozenset({Access.RESPONDER}))
KIM = Person(id="slack:UKIM", access=frozenset({Access.RESPONDER, Access.APPROVER}))
LEE = Person(id="slack:ULEE", access=frozenset({Access.ADMIN, Access.COMMANDER}))


def content(**over: object) -> SignedContent:
    """What one signature covers."""
    document = eventful().document()
    values = {
        "document": to_tree(document),
        "claims": claim_rows(document),
        "versions": {"renderer": "1+abc"},
        "ledger_seq": 40,
        "ledger_hash": b"\x01" * 32,
        "audience": "internal",
        "rendered": {"git": b"# Postmortem", "channel": b"# Postmortem"},
    }
    return SignedContent(**{**values, **over})


def incident(severity: Severity, **over: object) -> Incident:
    """An incident that Bo commands."""
    ledger = Ledger()
    ledger.declare(severity=severity.value)
    ledger.role(1, "incident_commander", BO.id)
    return replace(ledger.incident(), **over)


def test_signature_is_the_same_for_equal_content() -> None:
    """Nothing but the content counts: neither the order of keys nor the run."""
    one = content()
    other = replace(one, document=dict(reversed(one.document.items())), rendered=dict(reversed(one.rendered.items())))

    assert signed_hash(one) == signed_hash(other)
    assert len(signed_hash(one)) == 32


@pytest.mark.parametrize(
    "change",
    [
        {"document": {**content().document, "title": "Another"}},
        {"claims": content().claims[1:]},
        {"claims": [{**content().claims[0], "supported": False}, *content().claims[1:]]},
        {"waivers": [{"claim": 1, "reason": "known"}]},
        {"versions": {"renderer": "1+abd"}},
        {"ledger_seq": 41},
        {"ledger_hash": b"\x02" * 32},
        {"audience": "external"},
        {"rendered": {"git": b"# Postmortem"}},
        {"rendered": {"git": b"# Postmortem.", "channel": b"# Postmortem"}},
        {"rendered": {"git": b"# Postmortem", "confluence": b"# Postmortem"}},
    ],
    ids=[
        "document",
        "claims",
        "verdict",
        "waivers",
        "templates",
        "ledger place",
        "ledger hash",
        "audience",
        "fewer targets",
        "bytes",
        "another target",
    ],
)
def test_signature_changes_with_every_part(change: dict[str, object]) -> None:
    """A difference in any part that approval signs is another hash."""
    assert signed_hash(content(**change)) != signed_hash(content())


def test_signature_does_not_cover_the_approval_block() -> None:
    """The block names the signature, so the document is signed without it."""
    tree = content().document
    signature = signed_hash(content())

    approved = with_approval(
        tree,
        approver=Signatory(id=KIM.id, name="Kim"),
        approved_at=datetime(2024, 3, 2, tzinfo=UTC),
        signature=signature,
        is_alone=False,
    )

    assert signed_hash(content(document=approved)) == signature
    assert approved["approval"] == {
        "by": "Kim (slack:UKIM)",
        "at": "2024-03-02T00:00:00.000000Z",
        "hash": signature.hex(),
        "is_alone": False,
    }
    assert without_approval(approved) == tree


def test_authors_are_who_asked_and_who_vouched() -> None:
    """Promoting and tagging make an author; writing notes, being quoted or commanding do not."""
    ledger = Ledger()
    ledger.declare()
    said = ledger.message(5, "down", ts="1709287560.000100", actor="slack:UQUOTED")
    ledger.note(6, "seen", actor="slack:UNOTES")
    ledger.promote(said, "cause", actor="slack:UTAGGED")

    assert authors_of(ledger.events, "slack:UASKED") == {"slack:UASKED", "slack:UTAGGED"}


@pytest.mark.parametrize("severity", sorted(FOUR_EYES_SEVERITIES))
def test_four_eyes_refuse_every_author(severity: Severity) -> None:
    """Neither the approver role nor commanding the incident lets an author approve."""
    commander = replace(KIM, id=BO.id)

    with pytest.raises(Forbidden, match="you wrote part of this revision"):
        check_approver(commander, incident(severity), frozenset({BO.id}))


@pytest.mark.parametrize("severity", sorted(FOUR_EYES_SEVERITIES))
@pytest.mark.parametrize("person", [ADA, BO, LEE], ids=["responder", "commander", "admin"])
def test_four_eyes_need_the_approver_role(severity: Severity, person: Person) -> None:
    """Not even the incident commander or an admin approves a severe incident without the role."""
    with pytest.raises(Forbidden, match="only a person with the approver role"):
        check_approver(person, incident(severity), frozenset({"slack:UELSE"}))


@pytest.mark.parametrize("severity", sorted(FOUR_EYES_SEVERITIES))
def test_four_eyes_let_another_approver_approve(severity: Severity) -> None:
    """Somebody else with the role approves, and not alone."""
    assert check_approver(KIM, incident(severity), frozenset({BO.id})) is False


@pytest.mark.parametrize(
    ("person", "authors", "is_alone"),
    [
        (KIM, {BO.id}, False),
        (KIM, {KIM.id}, True),
        (BO, {BO.id}, True),
        (BO, {KIM.id}, False),
    ],
    ids=["approver", "approver who wrote it", "commander who wrote it", "commander"],
)
def test_below_the_floor_author_approval_is_marked(person: Person, authors: set[str], is_alone: bool) -> None:  # noqa: FBT001
    """An approver or the incident commander approves; where they wrote it themselves, that is marked."""
    assert check_approver(person, incident(Severity.SEV3), frozenset(authors)) is is_alone


@pytest.mark.parametrize("person", [ADA, LEE], ids=["responder", "another commander"])
def test_below_the_floor_others_are_refused(person: Person) -> None:
    """A responder, and a commander of other incidents, approves nothing here."""
    with pytest.raises(Forbidden, match="Only an approver or the incident commander"):
        check_approver(person, incident(Severity.SEV3), frozenset({BO.id}))


def test_commander_without_any_access_is_refused() -> None:
    """Holding the role in the incident is not enough for somebody who may only read."""
    viewer = Person(id=BO.id, access=frozenset({Access.VIEWER}))

    with pytest.raises(Forbidden):
        check_approver(viewer, incident(Severity.SEV3), frozenset())


def test_private_incidents_look_absent_to_others() -> None:
    """An approver who may not see the incident learns nothing of it."""
    with pytest.raises(NotFound):
        check_approver(KIM, incident(Severity.SEV3, visibility=Visibility.PRIVATE), frozenset())


def test_outsiders_never_approve() -> None:
    """To a guest the incident looks absent, whatever role they hold in it."""
    guest = replace(KIM, is_outsider=True)

    with pytest.raises(NotFound):
        check_approver(guest, incident(Severity.SEV5, roles={Role.INCIDENT_COMMANDER: KIM.id}), frozenset())


def test_floor_is_a_setting() -> None:
    """A site may ask for four eyes everywhere."""
    with pytest.raises(Forbidden):
        check_approver(BO, incident(Severity.SEV5), frozenset({BO.id}), frozenset(Severity))


def test_lowering_the_severity_lowers_no_bar() -> None:
    """The worst severity ever counts, so a change right before the review is of no use."""
    ledger = Ledger()
    ledger.declare(severity="SEV3")
    ledger.severity(5, "SEV3", "SEV1")
    ledger.severity(6, "SEV1", "SEV4")
    ledger.role(7, "incident_commander", BO.id)
    severity = worst_severity(ledger.events, ledger.incident())

    with pytest.raises(Forbidden, match="counts as SEV1"):
        check_approver(BO, ledger.incident(), frozenset({BO.id}), severity=severity)

    assert ledger.incident().severity is Severity.SEV4


def test_author_whom_slack_does_not_know_leaves_the_approval_to_another_draft() -> None:
    """An unmapped login of the command line may be the approver under another name, so nobody can rule that out."""
    with pytest.raises(Forbidden, match="nobody can tell whether you are cli:ana, who wrote part of this revision"):
        check_approver(KIM, incident(Severity.SEV1), authors=frozenset({BO.id, "cli:ana"}), floor=FOUR_EYES_SEVERITIES)
