"""Who may do what: the permission table, people from outside, and incidents that must not be known of."""

import re
from collections.abc import Iterator

import pytest

from tests.effort import leading, thinned
from tests.slack_room import ADMIN, COMMANDER, GONE, GUEST, HOME, OTHER, RESPONDER, STRANGER, Room, number_in, open_room

LEVELS = ("viewer", "responder", "commander", "approver", "admin")
#: What may be done with each access, as the documentation has it.
MAY = {
    "view": {"viewer", "responder", "commander", "approver", "admin"},
    "declare": {"responder", "commander", "approver", "admin"},
    "record": {"responder", "commander", "approver", "admin"},
    "steer": {"responder", "commander", "approver", "admin"},
    "resolve": {"commander", "admin"},
    "reopen": {"responder", "commander", "approver", "admin"},
    "end": {"commander", "admin"},
    "restrict": {"commander", "admin"},
    "draft": {"commander", "admin"},
    "publish": {"commander", "approver", "admin"},
}
#: For each action a verb that is refused for another reason once the permission is there, so nothing changes.
TRIED = {
    "view": "status",
    "declare": f"declare {'x' * 201}",
    "record": "note",
    "steer": "severity SEV3",
    "reopen": "reopen because",
    "end": "close It was a drill",
    "restrict": "public",
    "draft": "draft",
    "publish": "publish",
}
OUTSIDERS = {"guest": GUEST, "stranger": STRANGER, "deactivated": GONE}
#: Everything that somebody can ask about one incident.
ASKED = (
    "status",
    "status monitoring",
    "timeline",
    "changes",
    "changes 12h",
    "attach C-2",
    "note hello",
    "update hello",
    "impact hello",
    "severity SEV1",
    "role commander me",
    "milestone detection 5m ago",
    "milestone detection none",
    "promote E1",
    "unpromote E1",
    "correct E1 hello",
    "withdraw E1 it was another incident",
    "restore E1",
    "resolve",
    "resolve confirm",
    "reopen It came back at once",
    "draft",
    "approve 12345678",
    "unapprove The cause is wrong",
    "publish",
    "publish confirm",
    "close It was a drill",
    "decline It was a planned test",
    "cancel Nobody needs it any more",
    "duplicate of 1",
    "private",
    "public",
    "public confirm",
)
PRESSED = (
    "incident.attach_change:2",
    "incident.timeline",
    "incident.status:monitoring",
    "incident.resolve",
    "resolve.confirm",
    "incident.public",
    "incident.draft",
    "draft.approve",
    "draft.unapprove",
    "draft.publish",
)


@pytest.fixture(scope="module")
def strict_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room in which people have exactly the access of their name, and `U0NONE` has none."""
    folder = tmp_path_factory.mktemp("strict")
    access = {level: {f"U0{level.upper()}"} for level in LEVELS}
    url = f"sqlite:///{folder / 'debrief.db'}"
    with open_room(url, folder, default_access=set(), access=access) as room:
        for level in (*LEVELS, "none"):
            room.slack.add_user(f"U0{level.upper()}", level)
            room.event({"type": "team_join", "user": room.slack.users[f"U0{level.upper()}"]})
        room.ask("U0COMMANDER", "declare SEV3 Card payments fail")
        room.settle()
        yield room


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("action", sorted(TRIED))
def test_action_is_open_to_the_access_of_the_table(strict_room: Room, action: str, level: str) -> None:
    """Whoever has the access passes, whoever lacks it is told who may."""
    answer = strict_room.ask(f"U0{level.upper()}", _about(1, TRIED[action]))

    is_forbidden = re.match(r"Only [a-z ]+ may ", answer) is not None
    assert is_forbidden == (level not in MAY[action]), answer


@pytest.mark.parametrize("level", leading(2, ["viewer", "responder", "approver", "commander", "admin"]))
def test_only_commanders_resolve_without_being_asked(strict_room: Room, level: str) -> None:
    """Viewers may not resolve, responders are asked, commanders just do."""
    number = number_in(strict_room.ask("U0COMMANDER", "declare SEV3 Card payments fail"))

    answer = strict_room.ask(f"U0{level.upper()}", f"#{number} resolve")

    if level == "viewer":
        assert answer.startswith("Only ")
    elif level in MAY["resolve"]:
        assert answer.startswith(f"#{number} is resolved")
    else:
        assert answer.startswith("You are not the incident commander")


@pytest.mark.parametrize("text", thinned([*TRIED.values(), "list", "help", "", "declare"], every=3))
def test_people_without_access_may_do_nothing(strict_room: Room, text: str) -> None:
    """A full member whom the configuration gives nothing gets a refusal for everything."""
    answer = strict_room.ask("U0NONE", _about(1, text) if text in TRIED.values() else text)

    assert re.match(r"Only [a-z ]+ may ", answer), answer


def test_people_without_access_see_no_incident_at_home(strict_room: Room) -> None:
    """The App Home of somebody without access names no incident."""
    assert "Card payments fail" not in strict_room.home("U0NONE")
    assert "Card payments fail" in strict_room.home("U0VIEWER")


@pytest.mark.parametrize("who", sorted(OUTSIDERS))
@pytest.mark.parametrize(
    "text", thinned([*TRIED.values(), "list", "list all", "help", "", "declare", "resolve confirm"], every=3)
)
def test_outsiders_are_refused_and_learn_nothing(quick_room: Room, who: str, text: str) -> None:
    """Guests, people of other organisations and closed accounts get the same sentence, or hear of no incident."""
    number, channel = quick_room.kept_incident()
    before = quick_room.facts(number)

    answer = quick_room.ask(OUTSIDERS[who], text, channel)

    assert answer.startswith(("Guests and people from other organisations cannot use Debrief.", "There is no incident"))
    assert "Card payments" not in answer
    assert quick_room.facts(number) == before


@pytest.mark.parametrize("who", sorted(OUTSIDERS))
def test_outsiders_cannot_act_by_buttons_forms_marks_or_home(quick_room: Room, who: str) -> None:
    """Every other door is closed to outsiders as well."""
    user = OUTSIDERS[who]
    number, channel = quick_room.kept_incident()
    before, ts = quick_room.facts(number), quick_room.slack.say(channel, OTHER, "The switch was thrown")
    form = quick_room.open_form(RESPONDER, "note", number, channel)

    pressed = quick_room.press(user, "incident.status:monitoring", str(number), channel)
    opened = quick_room.open_form(user, "note", number, channel)
    declared = quick_room.open_form_at_home(user, "form.open:declare")
    told = quick_room.submit(user, form, text="hello")
    quick_room.react(user, channel, ts)
    quick_room.shortcut(user, "add_to_timeline", channel, ts)
    home = quick_room.home(user)

    assert quick_room.facts(number) == before
    assert opened["callback_id"] == declared["callback_id"] == "notice"
    assert told["response_action"] == "errors"
    assert "Card payments" not in json_of(pressed, opened, told, home)


def test_member_of_another_team_in_a_shared_channel_is_an_outsider(room: Room) -> None:
    """Slack calls nobody a stranger whose channel we share: the team decides, also after the profile changed."""
    foreign = {"id": STRANGER, "name": "stan", "team_id": "T0ELSEWHERE", "is_stranger": False, "profile": {}}
    foreign["enterprise_user"] = {"id": "W1", "enterprise_id": "E0ELSEWHERE", "teams": ["T0ELSEWHERE"]}
    room.event({"type": "user_change", "user": foreign})

    answer = room.ask(STRANGER, "declare SEV1 Let me in")

    assert answer.startswith("Guests and people from other organisations")


def test_member_of_our_enterprise_grid_is_one_of_us(room: Room) -> None:
    """Somebody whose home is another workspace of our organisation, and who is in ours too, is a member."""
    ours = {"id": "U0GRID", "name": "greta", "team_id": "T0SISTER", "profile": {}}
    ours["enterprise_user"] = {"id": "W2", "enterprise_id": "E0OURS", "teams": ["T0SISTER", room.slack.team]}
    room.event({"type": "team_join", "user": ours})

    answer = room.ask("U0GRID", "list")

    assert not answer.startswith("Guests")


def test_user_group_gives_and_takes_access(room: Room) -> None:
    """Who enters the commanders' group may command, until they leave it."""
    number, _ = room.kept_incident()

    before = room.ask(OTHER, f"#{number} close It was a drill")
    room.event({"type": "subteam_updated", "subteam": {"id": "S0COMMANDERS", "users": [COMMANDER, OTHER]}})
    during = room.ask(OTHER, f"#{number} close It was a drill")
    room.event({"type": "subteam_updated", "subteam": {"id": "S0COMMANDERS", "users": [COMMANDER]}})
    after = room.ask(OTHER, f"#{number} close It was a drill")

    assert before == after
    assert before.startswith("Only admin or commander may end here.")
    assert during.startswith(f"#{number} is declared, so it cannot be closed.")


def test_who_may_not_is_told_how_to_take_the_lead_where_nobody_has_it(room: Room) -> None:
    """Two responders declare the same at once: the later one, who is told so, can end theirs as a duplicate."""
    first, _ = room.declare(RESPONDER)
    number, channel = room.declare(OTHER)

    refused = room.ask(OTHER, f"duplicate of {first} declared at once", channel)
    room.ask(OTHER, "role commander me", channel)
    ended = room.ask(OTHER, f"duplicate of {first} declared at once", channel)
    led = room.ask(RESPONDER, "draft", channel)

    assert refused == (
        f"Only admin or commander may end here. #{number} has no incident commander yet; whoever is that may: "
        "`/incident role commander me`, or ask an admin."
    )
    assert ended.startswith(f"#{number} is a duplicate of #{first} ")
    assert led == "Only admin or commander may draft here. Ask the incident commander or an admin."


def test_deputy_commands_their_incident_and_no_other(room: Room) -> None:
    """The deputy of one incident has a commander's permissions there."""
    number, channel = room.declare()
    room.ask(RESPONDER, f"role deputy <@{OTHER}>", channel)
    elsewhere, _ = room.kept_incident()

    here, there = (room.ask(OTHER, f"#{one} cancel Nobody needs it any more") for one in (number, elsewhere))

    assert here == f"#{number} is cancelled."
    assert there.startswith("Only ")


@pytest.mark.parametrize("text", thinned(ASKED, every=4))
@pytest.mark.parametrize("who", [OTHER, ADMIN], ids=["responder", "admin"])
def test_private_incident_reads_like_a_missing_one(quick_room: Room, who: str, text: str) -> None:
    """Whatever somebody outside asks about a private incident, the answer is that of a number nobody used."""
    number = _private(quick_room)

    answers = {one: quick_room.ask(who, f"#{one} {text}") for one in (number, 99999)}

    assert answers[number].replace(f"#{number} ", "#N ") == answers[99999].replace("#99999 ", "#N ")


@pytest.mark.parametrize("action_id", PRESSED)
def test_private_incident_reads_like_a_missing_one_behind_buttons(quick_room: Room, action_id: str) -> None:
    """A button that names a private incident answers as if it did not exist."""
    number = _private(quick_room)

    words = "" if action_id == "incident.draft" else "|12345678"
    answer = quick_room.press(OTHER, action_id, f"{quick_room.named_by_button(number)}{words}")

    assert answer.replace(f"#{number} ", "#N ") == quick_room.ask(OTHER, "#99999 status").replace("#99999 ", "#N ")


def test_private_incident_is_in_no_list_of_outsiders(room: Room) -> None:
    """Lists, the App Home and the duplicates of others never name it; those inside see it everywhere."""
    number, public = _private(room), number_in(room.ask(COMMANDER, "declare SEV4 Something public"))
    seen = [f"#{public} duplicate of {number}", "list", "list all"]

    outside = [*(room.ask(OTHER, text) for text in seen[1:]), room.home(OTHER)]
    inside = [*(room.ask(COMMANDER, text) for text in seen[1:]), room.home(COMMANDER)]

    assert all("Insider trading" not in text for text in outside)
    assert all(f"*#{number}*" in text for text in inside)
    room.event({"type": "subteam_updated", "subteam": {"id": "S0COMMANDERS", "users": [COMMANDER, OTHER]}})
    duplicate = room.ask(OTHER, seen[0])
    room.event({"type": "subteam_updated", "subteam": {"id": "S0COMMANDERS", "users": [COMMANDER]}})
    assert duplicate == f"There is no incident #{number} here. `/incident list` shows the open ones."


def test_private_incident_opens_to_who_joins_its_channel_until_they_leave(room: Room) -> None:
    """Membership events decide, and the channel that is made for it is private."""
    number = _private(room)
    room.settle()
    channel = room.slack.channel_named(f"inc-{number}-")
    assert channel is not None

    before = room.ask(OTHER, f"#{number} status")
    room.join(OTHER, channel.id)
    during = room.ask(OTHER, f"#{number} status")
    room.event({"type": "member_left_channel", "user": OTHER, "channel": channel.id, "team": room.slack.team})
    after = room.ask(OTHER, f"#{number} status")

    assert channel.is_private
    assert before == after
    assert before.startswith("There is no incident")
    assert during.startswith(f"#{number} ")


def test_who_declares_a_private_incident_reads_that_it_is_private(quick_room: Room) -> None:
    """The answer says who will know of it; that of a public one does not speak of it."""
    private = quick_room.ask(COMMANDER, "declare SEV3 private: Payout file leaked")
    public = quick_room.ask(COMMANDER, "declare SEV3 Payout file late")

    assert "It is private: only those with a role in it and the members of its channel" in private
    assert "private" not in public


def test_going_private_hides_what_was_public(room: Room) -> None:
    """An incident that becomes private is gone for others at once."""
    number, channel = room.declare(text="SEV3 Something delicate")
    room.join(COMMANDER, channel)
    room.ask(COMMANDER, "private", channel)

    assert room.ask(OTHER, f"#{number} status").startswith("There is no incident")
    assert "Something delicate" not in room.ask(OTHER, "list")


def test_somebody_new_is_told_so_and_may_try_again(room: Room) -> None:
    """Somebody Slack has not told of is looked up after the answer; guests stay out then too."""
    member, guest = (f"U0LATE{next(room.slack.numbers)}" for _ in range(2))
    room.slack.add_user(member, "mia")
    room.slack.add_user(guest, "gil", is_ultra_restricted=True)

    first = [room.ask(user, "list") for user in (member, guest)]
    for user in (member, guest):
        room.wait_for("the look-up", lambda user=user: room.app.directory.is_known(user))
    second = [room.ask(user, "list") for user in (member, guest)]

    assert first == ["I do not know you yet, so nothing was recorded. Try again in a few seconds."] * 2
    assert not second[0].startswith(("I do not know", "Guests"))
    assert second[1].startswith("Guests")


def json_of(*seen: object) -> str:
    """Everything that was seen, as one text."""
    return "\n".join(str(each) for each in seen)


def _about(number: int, text: str) -> str:
    return text if text.startswith("declare") else f"#{number} {text}"


def _private(room: Room) -> int:
    """An incident that only the commander may know of; kept, since nobody else can change it."""
    key = ("private",)
    if key not in room.kept:
        number = number_in(room.ask(COMMANDER, "declare SEV2 private: Insider trading suspected"))
        room.kept[key] = number, HOME
    return room.kept[key][0]
