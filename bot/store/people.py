"""Where the directory of people survives a restart (`bot.ports.outside.PeopleStore`)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from analysis.incident import Visibility
from bot.ports.records import KnownPerson, Membership
from bot.store.database.engine import Database
from bot.store.database.upsert import upsert
from bot.store.record.mapping import json_text
from bot.store.record.sealing import Sealer
from bot.store.record.tables import INCIDENT, MEMBERSHIP, PERSON
from bot.store.writing.writer import SqlWriter


class SqlPeople:
    """People and who is in which channel, as Slack last said."""

    def __init__(self, database: Database, sealer: Sealer, writer: SqlWriter) -> None:
        """Read from *database*, write through *writer*."""
        self._database = database
        self._sealer = sealer
        self._writer = writer

    def load_people(self) -> tuple[KnownPerson, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(PERSON).order_by(PERSON.c.id)).mappings()
            return tuple(_to_person(row, self._sealer) for row in rows)

    def load_memberships(self) -> tuple[Membership, ...]:
        row = MEMBERSHIP.c
        with self._database.reading() as connection:
            found = connection.execute(select(MEMBERSHIP).order_by(row.channel, row.person)).mappings()
            return tuple(_to_membership(each) for each in found)

    def save_people(self, people: Sequence[KnownPerson]) -> None:
        self._writer.call(
            lambda transaction: upsert(
                transaction.connection,
                PERSON,
                [_person_values(person, self._sealer, transaction.reads.now) for person in people],
                keys=("id",),
            )
        ).result()

    def save_memberships(self, memberships: Sequence[Membership]) -> None:
        rows = [_membership_values(membership) for membership in memberships]
        self._writer.call(
            lambda transaction: upsert(
                transaction.connection, MEMBERSHIP, rows, keys=("channel", "person"), only_newer="moved_at"
            )
        ).result()

    def private_channels(self) -> tuple[str, ...]:
        row = INCIDENT.c
        is_private = (row.visibility == Visibility.PRIVATE.value) & row.channel_id.is_not(None)
        found = select(row.channel_id).where(is_private).order_by(row.number.desc())
        with self._database.reading() as connection:
            return tuple(connection.execute(found).scalars())


def _membership_values(membership: Membership) -> Mapping[str, Any]:
    return {
        "channel": membership.channel,
        "person": membership.actor,
        "has_left": not membership.is_member,
        "moved_at": membership.at,
    }


def _person_values(person: KnownPerson, sealer: Sealer, now: datetime) -> Mapping[str, Any]:
    return {
        "id": person.slack_id,
        "name": sealer.seal_whole("person", person.name.encode()),
        "zone": person.zone,
        "groups": json_text(sorted(person.groups)),
        "is_outsider": person.is_outsider,
        "is_bot": person.is_bot,
        "is_deactivated": person.is_deactivated,
        "fetched_at": now,
    }


def _to_membership(row: RowMapping) -> Membership:
    return Membership(channel=row["channel"], actor=row["person"], is_member=not row["has_left"], at=row["moved_at"])


def _to_person(row: RowMapping, sealer: Sealer) -> KnownPerson:
    return KnownPerson(
        slack_id=row["id"],
        name=sealer.open_whole("person", row["name"]).decode(),
        zone=row["zone"],
        groups=frozenset(json.loads(row["groups"])),
        is_outsider=row["is_outsider"],
        is_bot=row["is_bot"],
        is_deactivated=row["is_deactivated"],
    )
