"""The people of the workspace, kept in memory so that nobody waits for Slack before an answer."""

import threading
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from analysis.people import Access, Person
from analysis.tools import tool_name
from bot.ports.outside import PeopleStore
from bot.ports.records import KnownPerson, Membership
from bot.settings import Settings
from bot.slack.workspace.user_groups import GroupDates, UserGroup

#: Before anything that Slack tells of, and the least that an instant can be behind another.
_BEFORE_ALL, _NEXT = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class SlackDirectory:
    """Implements `bot.ports.outside.Directory`; filled at start and by Slack's events, never on a request."""

    def __init__(self, store: PeopleStore, settings: Settings) -> None:
        """Load what the last run knew."""
        self._store = store
        self._settings = settings
        self._lock = threading.Lock()
        #: Held from reading what is known of people until what follows is kept.
        self._learning = threading.Lock()
        self._team = ""
        self._own_ids: Callable[[], Container[str]] = frozenset
        self._updated: dict[str, float] = {}
        self._moved: dict[tuple[str, str], datetime] = {}
        self._group_dates = GroupDates()
        self._people: dict[str, KnownPerson] = {person.slack_id: person for person in store.load_people()}
        self._channels: dict[str, frozenset[str]] = {}
        for membership in store.load_memberships():
            self.set_membership(membership)

    def person(self, slack_id: str) -> Person | None:
        """What is known of a Slack user; `None` if Slack has not told yet or the account is closed."""
        known = self._people.get(slack_id)
        if known is None or known.is_deactivated or known.is_bot:
            return None
        actor = f"slack:{slack_id}"
        return Person(
            id=actor,
            name=known.name,
            zone=known.zone,
            access=self._access(known),
            channels=self._channels.get(actor, frozenset()),
            is_outsider=known.is_outsider,
        )

    def name(self, actor: str) -> str:
        """The name Slack shows, or the actor without its prefix."""
        kind, _, rest = actor.partition(":")
        known = self._people.get(rest) if kind == "slack" else None
        return known.name if known else (tool_name(actor) or rest or actor)

    def resolve(self, mention: str) -> Person | None:
        """The person of `<@U123>`, `@U123` or `@name`; `None` where nobody active is meant, or more than one."""
        word = mention.strip("<>@").split("|")[0]
        if word in self._people:
            return self.person(word)
        named = [known.slack_id for known in list(self._people.values()) if known.name.lower() == word.lower()]
        found = [person for slack_id in named if (person := self.person(slack_id))]
        return found[0] if len(found) == 1 else None

    def is_known(self, slack_id: str) -> bool:
        """Whether Slack has told of this user at all."""
        return slack_id in self._people

    def is_gone(self, actor: str) -> bool:
        """Whether Slack has closed the account of *actor*."""
        known = self._people.get(actor.removeprefix("slack:"))
        return known is not None and known.is_deactivated

    def set_team(self, team: str) -> None:
        """Say which workspace is ours; until then everybody new counts as from elsewhere."""
        self._team = team

    def set_own_ids(self, own_ids: Callable[[], Container[str]]) -> None:
        """Say how to ask for the bot's own ids, which are known once Slack has answered."""
        self._own_ids = own_ids

    def is_own(self, slack_id: str) -> bool:
        """Whether this id of a user or a bot is Debrief's own."""
        return bool(slack_id) and slack_id in self._own_ids()

    def learn(self, users: Iterable[Mapping[str, Any]]) -> None:
        """Keep what Slack says of *users* (objects of `users.list`), on disk too, unless it knows later."""
        with self._learning:
            news = [user for user in users if _updated(user) >= self._updated.get(str(user["id"]), 0.0)]
            self._keep([known_person(user, team=self._team, groups=self._groups_of(str(user["id"]))) for user in news])
            self._updated.update({str(user["id"]): _updated(user) for user in news if _updated(user)})

    def learn_groups(self, groups: Iterable[UserGroup], *, is_all: bool = False) -> None:
        """Keep who is in which user group, unless Slack has said later who is.

        Groups not named keep their members, unless *groups* are all that there are.
        """
        with self._learning:
            inside = {one.id: self._group_dates.members(one, self._members_of(one.id)) for one in groups}
            people = []
            for known in list(self._people.values()):
                kept = frozenset() if is_all else known.groups - set(inside)
                now = kept | {group for group, users in inside.items() if known.slack_id in users}
                if now != known.groups:
                    people.append(replace(known, groups=now))
            self._keep(people)

    def move_in_group(self, group: str, *, added: Iterable[str], removed: Iterable[str], date: float) -> None:
        """Keep who came into *group*, and who left it, at Slack's *date*, unless it has said otherwise since."""
        moves = [*((user, True) for user in added), *((user, False) for user in removed)]
        with self._learning:
            people = []
            for user, is_inside in moves:
                known = self._people.get(user)
                if self._group_dates.takes(group, user, date) and known and (group in known.groups) is not is_inside:
                    people.append(replace(known, groups=known.groups ^ {group}))
            self._keep(people)

    def set_membership(self, membership: Membership) -> None:
        """Remember who joined or left, unless a later joining or leaving is known; the store decides likewise."""
        where = (membership.channel, membership.actor)
        with self._lock:
            if membership.at < self._moved.get(where, membership.at):
                return
            self._moved[where] = membership.at
            channels, this = self._channels.get(membership.actor, frozenset()), {membership.channel}
            self._channels[membership.actor] = channels | this if membership.is_member else channels - this

    def private_channels(self) -> tuple[str, ...]:
        """The channels whose members see a private incident by being there."""
        return self._store.private_channels()

    def moves(self, channel: str) -> dict[str, datetime]:
        """When whoever is known to have joined or left *channel* did so last."""
        with self._lock:
            return {actor: at for (where, actor), at in self._moved.items() if where == channel}

    def learn_members(self, channel: str, users: Iterable[str], *, moves: Mapping[str, datetime]) -> None:
        """Keep that *users* are in *channel* and nobody else, where that is otherwise than events told.

        *moves* are those known before Slack was asked: whoever moved since is left as the event has it. What changed
        unseen came after the last event that is known and before any that is still to come, so it is dated right
        behind that one: a later event always counts.
        """
        inside = {f"slack:{user}" for user in users if not self.is_own(user)}
        with self._learning:
            known = {member.actor for member in self.members(channel)}
            unseen = [each for each in sorted(inside ^ known) if self._moved.get((channel, each)) == moves.get(each)]
            news = [
                Membership(
                    channel=channel, actor=each, is_member=each in inside, at=moves.get(each, _BEFORE_ALL) + _NEXT
                )
                for each in unseen
            ]
            if news:
                self._store.save_memberships(news)
        for membership in news:
            self.set_membership(membership)

    def members(self, channel: str) -> tuple[Membership, ...]:
        """Who is in *channel*, each since when Slack said so."""
        with self._lock:
            inside = sorted(person for person, channels in self._channels.items() if channel in channels)
            return tuple(
                Membership(channel=channel, actor=person, is_member=True, at=self._moved[channel, person])
                for person in inside
            )

    def _keep(self, people: list[KnownPerson]) -> None:
        if not people:
            return
        self._store.save_people(people)
        with self._lock:
            self._people.update({person.slack_id: person for person in people})

    def _members_of(self, group: str) -> frozenset[str]:
        return frozenset(known.slack_id for known in list(self._people.values()) if group in known.groups)

    def _groups_of(self, slack_id: str) -> frozenset[str]:
        known = self._people.get(slack_id)
        return known.groups if known else frozenset()

    def _access(self, known: KnownPerson) -> frozenset[Access]:
        if known.is_outsider:
            return frozenset()
        ids = known.groups | {known.slack_id}
        given = {access for access, holders in self._settings.access.items() if holders & ids}
        return frozenset(given) | self._settings.default_access


def known_person(user: Mapping[str, Any], *, team: str, groups: frozenset[str] = frozenset()) -> KnownPerson:
    """Read a user object of Slack; guests, strangers and people of other teams are outsiders.

    In a channel shared with another organisation its people are no strangers to Slack: only their team tells.
    """
    profile = user.get("profile") or {}
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())} - {None, ""}
    is_foreign = bool(teams) and team not in teams
    return KnownPerson(
        slack_id=str(user["id"]),
        name=str(profile.get("display_name") or user.get("real_name") or user.get("name") or user["id"]),
        zone=str(user.get("tz") or "UTC"),
        is_outsider=is_foreign
        or any(bool(user.get(flag)) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger")),
        is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
        is_deactivated=bool(user.get("deleted")),
        groups=groups,
    )


def _updated(user: Mapping[str, Any]) -> float:
    """When Slack last changed what it says of this user; zero where it does not tell."""
    return float(user.get("updated") or 0.0)
