"""Looking things up gives what was written, within the transaction that writes and outside of it."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

from analysis.events import EventKind
from analysis.incident import Incident, Status
from bot.ports.ledger import Reads
from bot.ports.records import Changes, HeldMessage, KnownPerson, Membership
from bot.store.workspaces import ensure_workspace
from tests.bot.store.parts import START, Store, appending, declaring, make_event, note


def link(incident: Incident, channel: str) -> Changes:
    """Return the changes that give the incident its channel."""
    payload = {"channel": channel, "name": "inc-1"}
    return appending(incident, make_event(kind=EventKind.CHANNEL_LINKED, payload=payload))


def test_incident_is_found_by_id_number_and_channel(store: Store) -> None:
    """All names of an incident lead to the same one, and unknown names to none."""
    declared = store.declare()
    store.write(lambda _reads, _command: link(declared, "C1"))

    with store.snapshots.snapshot() as reads:
        found = [
            reads.incident(declared.id),
            reads.incident_by_number(store.workspace, 1),
            reads.incident_by_channel("C1"),
        ]
        unknown = [
            reads.incident(UUID(int=404)),
            reads.incident_by_number(store.workspace, 2),
            reads.incident_by_number(UUID(int=404), 1),
            reads.incident_by_channel("C404"),
        ]

    assert [incident.id for incident in found] == [declared.id] * 3
    assert unknown == [None] * 4


def test_channel_of_two_incidents_belongs_to_the_newer(store: Store) -> None:
    """A channel that was used again means the incident that is on now."""
    first, second = store.declare("First"), store.declare("Second")
    for incident in (second, first):
        store.write(lambda _reads, _command, incident=incident: link(incident, "C1"))

    with store.snapshots.snapshot() as reads:
        found = reads.incident_by_channel("C1")

    assert found.id == second.id


def test_list_has_the_newest_first(store: Store) -> None:
    """Active ones by default, others on request, never the workspace's own log, never another workspace's."""
    store.write(declaring(store.workspace, "Workspace log", number=0))
    closed, *_ = [store.declare(title) for title in ("First", "Second", "Third")]
    store.append(closed, make_event(kind=EventKind.STATUS_CHANGED, payload={"to": "cancelled"}))
    other = ensure_workspace(store.writer, team_id="T2")
    store.write(declaring(other, "Elsewhere"))

    with store.snapshots.snapshot() as reads:
        active = [incident.number for incident in reads.incidents(store.workspace)]
        newest = [incident.number for incident in reads.incidents(store.workspace, limit=1)]
        over = [incident.number for incident in reads.incidents(store.workspace, statuses={Status.CANCELLED}, limit=1)]
        everything = [incident.number for incident in reads.incidents(store.workspace, statuses=frozenset(Status))]

    assert (active, newest, over, everything) == ([3, 2], [3], [1], [3, 2, 1])


def test_workspaces_count_their_incidents_apart(store: Store) -> None:
    """The first incident of a second workspace is its number 1."""
    store.declare()
    other = ensure_workspace(store.writer, team_id="T2")

    reply = store.write(declaring(other, "Elsewhere"))

    assert reply.number == 1


def test_workspace_keeps_its_id(store: Store) -> None:
    """A workspace is the same one at every start."""
    again = ensure_workspace(store.writer, team_id="T1", name="Renamed")

    assert again == store.workspace


def test_ledger_knows_its_facts(store: Store) -> None:
    """A fact is known by its key, within its incident."""
    first, second = store.declare("First"), store.declare("Second")
    store.append(first, note(1))

    with store.snapshots.snapshot() as reads:
        known = [reads.has_event(first.id, "note:1"), reads.has_event(first.id, "note:2")]
        elsewhere = reads.has_event(second.id, "note:1")
        several = reads.has_which(first.id, ["note:1", "note:2"])
        none = reads.has_which(first.id, [])

    assert (known, elsewhere) == ([True, False], False)
    assert (several, none) == (frozenset({"note:1"}), frozenset())


def test_snapshot_does_not_change_while_it_is_open(store: Store) -> None:
    """A page shows one state, however much is written while it is made."""
    incident = store.declare()

    with store.snapshots.snapshot() as reads:
        before = reads.events(incident.id)
        store.append(incident, note(1))
        after = reads.events(incident.id)

    assert (len(before), len(after), len(store.events(incident))) == (1, 1, 2)


def test_use_case_sees_what_was_committed_before_it(store: Store) -> None:
    """Each decision is made on the state that its own writes will follow."""
    incident = store.declare()
    seen: list[int] = []

    def look(reads: Reads, number: int) -> Changes:
        seen.append(len(reads.events(incident.id)))
        return appending(reads.incident(incident.id), note(number))

    for number in (1, 2):
        store.writer.submit(look, number).result()

    assert seen == [1, 2]


def test_held_message_is_kept_for_a_while(store: Store) -> None:
    """An early edit waits ten minutes for a mark, in the order of arrival, and is then forgotten."""
    bodies = [{"after": None, "n": 1}, {"after": {"text": "ü"}, "n": 2}]
    for body in bodies:
        held = HeldMessage(channel="C1", ts="1.2", body=body)
        store.write(lambda _reads, _command, held=held: Changes(held=(held,)))

    with store.snapshots.snapshot() as reads:
        soon = [dict(message.body) for message in reads.held_messages("C1", "1.2")]
        other = reads.held_messages("C1", "1.3")
    store.clock.move(minutes=10)
    with store.snapshots.snapshot() as reads:
        late = reads.held_messages("C1", "1.2")

    assert (soon, other, late) == (bodies, (), ())


def test_people_come_back_as_they_were_saved(store: Store) -> None:
    """The directory starts with what Slack said last."""
    first = KnownPerson(slack_id="U1", name="Ana Müller", zone="Europe/Berlin", groups=frozenset({"S1", "S2"}))
    second = KnownPerson(slack_id="U2", name="Bot", zone="UTC", is_bot=True, is_outsider=True, is_deactivated=True)
    store.people.save_people([second, KnownPerson(slack_id="U1", name="Old", zone="UTC")])

    store.people.save_people([first])
    store.people.save_people([])

    assert store.people.load_people() == (first, second)


def test_memberships_follow_what_slack_reports(store: Store) -> None:
    """Who joined is in, who left is remembered as gone, and hearing it twice changes nothing."""
    joined = _moved("C1", "U1", 1, is_member=True)
    left = _moved("C1", "U2", 2, is_member=False)
    elsewhere = _moved("C2", "U1", 1, is_member=True)

    for each in (joined, _moved("C1", "U2", 1, is_member=True), joined, elsewhere, left):
        store.write(lambda _reads, _command, each=each: Changes(memberships=(each,)))

    assert store.people.load_memberships() == (joined, left, elsewhere)


def test_memberships_are_the_same_in_whatever_order_they_come(store: Store) -> None:
    """The latest joining or leaving decides, each in a transaction of its own or all in one."""
    orders = {f"C{place:02}": order for place, order in enumerate(permutations(range(4)))}
    moves = {
        channel: [_moved(channel, "U1", minute, is_member=minute % 2 == 0) for minute in order]
        for channel, order in orders.items()
    }

    for place in range(2):
        changes = Changes(memberships=tuple(each[place] for each in moves.values()))
        store.write(lambda _reads, _command, changes=changes: changes)
    rest = Changes(memberships=tuple(move for each in moves.values() for move in each[2:]))
    store.write(lambda _reads, _command: rest)

    latest = tuple(_moved(channel, "U1", 3, is_member=False) for channel in orders)
    assert store.people.load_memberships() == latest


def _moved(channel: str, actor: str, minute: int, *, is_member: bool) -> Membership:
    return Membership(channel=channel, actor=actor, is_member=is_member, at=START + timedelta(minutes=minute))


def test_now_is_one_instant_for_a_whole_decision(store: Store) -> None:
    """A decision has one present, however long it takes."""
    seen: list[object] = []

    def look(reads: Reads, _command: object) -> Changes:
        seen.append(reads.now)
        store.clock.move(seconds=5)
        seen.append(reads.now)
        return Changes()

    store.write(look)
    store.write(look)

    assert seen == [START, START, START + timedelta(seconds=5), START + timedelta(seconds=5)]
