"""Pages: looked at, written, and turned into rows and back."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select, update

from analysis.chain import canonical_bytes
from analysis.paging import PageNews, PageStatus, TargetKind, Told
from bot.ports.paging import PAGE_KEY, Forward, Page
from bot.ports.records import DeliveryKind, DeliveryState
from bot.store.database.engine import Database
from bot.store.database.upsert import upsert
from bot.store.delivery.delivery_rows import to_delivery
from bot.store.grouping.series_rows import series_values, to_series
from bot.store.paging.paging_tables import EGRESS, FORWARD, PAGE
from bot.store.record.sealing import Sealer, Unopenable
from bot.store.record.tables import DELIVERY


class SqlPages:
    """The pages of incidents (`bot.ports.paging.Pages`)."""

    def __init__(self, connection: Connection, sealer: Sealer, before_query: Callable[[], None]) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._before_query = before_query

    def page(self, page_id: UUID) -> Page | None:
        return next(iter(self._find(PAGE.c.id == page_id)), None)

    def by_key(self, key: str) -> Page | None:
        if not key.startswith(PAGE_KEY):
            return None
        try:
            page_id = UUID(key.removeprefix(PAGE_KEY))
        except ValueError:
            return None
        return self.page(page_id)

    def of_incident(self, incident_id: UUID) -> tuple[Page, ...]:
        return self._find(PAGE.c.incident_id == incident_id)

    def has_left(self, page: Page, news: PageNews) -> bool:
        row, wanted = DELIVERY.c, {"page": str(page.id), "news": news.value}
        told = select(DELIVERY).where(row.incident_id == page.incident_id, row.kind == DeliveryKind.TELL_PAGER.value)
        self._before_query()
        rows = self._connection.execute(told.order_by(row.seq.desc())).mappings().all()
        states = (each["state"] for each in rows if _arguments(each, self._sealer) == wanted)
        return next(states, "") in {DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN}

    def forward_by_key(self, key: str) -> Forward | None:
        self._before_query()
        row = self._connection.execute(select(FORWARD).where(FORWARD.c.key == key)).mappings().first()
        return _to_forward(row) if row else None

    def _find(self, where: ColumnElement[bool]) -> tuple[Page, ...]:
        self._before_query()
        rows = self._connection.execute(select(PAGE).where(where).order_by(PAGE.c.number)).mappings()
        return tuple(to_page(row, self._sealer) for row in rows)


def _arguments(row: RowMapping, sealer: Sealer) -> Mapping[str, Any]:
    """What the delivery of a row is about; nothing where it cannot be read, and then it is parked and never sent."""
    try:
        return to_delivery(row, sealer).arguments
    except (Unopenable, ValueError):
        return {}


def write_pages(connection: Connection, sealer: Sealer, pages: Sequence[Page]) -> None:
    """Write *pages* as they are now, the last of each."""
    rows = [page_values(page, sealer) for page in {page.id: page for page in pages}.values()]
    upsert(connection, PAGE, rows, keys=("id",))


def write_forwards(connection: Connection, forwards: Sequence[Forward]) -> None:
    """Write what pagers were told of alerts, the last of each series."""
    rows = [
        {
            "key": one.key,
            "workspace_id": one.workspace_id,
            "fingerprint": one.fingerprint,
            "service": one.service,
            **series_values(one.series),
            "episode": one.episode,
            "asked_at": one.asked_at,
            "taken_at": one.taken_at,
        }
        for one in {one.key: one for one in forwards}.values()
    ]
    upsert(connection, FORWARD, rows, keys=("key",))


def overdue_forwards(database: Database, now: datetime, within: timedelta, services: Collection[str]) -> str:
    """Why alerts in line are overdue that the pagers of *services* have not taken *within* that time; else empty.

    Nobody knows how long one waits of which a clock that was set back says that it is still to come.
    """
    row = FORWARD.c
    is_late = row.taken_at.is_(None) & ((row.asked_at < now - within) | (row.asked_at > now + within))
    waiting = select(func.count()).select_from(FORWARD).where(is_late, row.service.in_(services))
    with database.reading() as connection:
        count = connection.execute(waiting).scalar_one()
    return f"the pager has not taken {count} alerts in line" if count else ""


def forget_pages(connection: Connection, sealer: Sealer, incident_id: UUID, *, number: int | None) -> None:
    """Destroy what left of an incident, and which person page *number* named, because what it rests on was erased.

    A service or policy stays, by which a page that is on its way still finds whoever is on call.
    """
    connection.execute(update(EGRESS).where(EGRESS.c.incident_id == incident_id).values(content=None))
    this = (PAGE.c.incident_id == incident_id) & (PAGE.c.number == number)
    for row in connection.execute(select(PAGE).where(this)).mappings().all():
        page = to_page(row, sealer)
        name = "" if page.kind is TargetKind.PERSON else page.name
        values = page_values(replace(page, name=name, link=""), sealer)
        connection.execute(update(PAGE).where(this).values(content=values["content"]))


def page_values(page: Page, sealer: Sealer) -> dict[str, Any]:
    """The row of a page."""
    content = {"kind": page.kind.value, "name": page.name, "pager_id": page.pager_id, "link": page.link}
    return {
        "id": page.id,
        "incident_id": page.incident_id,
        "number": page.number,
        "pager": page.pager,
        "status": page.status.value,
        "asked_at": page.asked_at,
        "acknowledged_at": page.told.acknowledged_at,
        "resolved_at": page.told.resolved_at,
        "reopened_at": page.told.reopened_at,
        "content": sealer.seal_whole("page", canonical_bytes(content)),
    }


def to_page(row: RowMapping, sealer: Sealer) -> Page:
    """The page of a row."""
    content = json.loads(sealer.open_whole("page", row["content"]))
    told = Told(acknowledged_at=row["acknowledged_at"], resolved_at=row["resolved_at"], reopened_at=row["reopened_at"])
    return Page(
        id=row["id"],
        incident_id=row["incident_id"],
        number=row["number"],
        pager=row["pager"],
        kind=TargetKind(content["kind"]),
        name=content["name"],
        status=PageStatus(row["status"]),
        asked_at=row["asked_at"],
        told=told,
        pager_id=content["pager_id"],
        link=content["link"],
    )


def _to_forward(row: RowMapping) -> Forward:
    times = row["starts_at"], row["began_at"], row["ends_at"]
    series = to_series(row["status"], row["severity"], times, row["parts"])
    return Forward(
        key=row["key"],
        workspace_id=row["workspace_id"],
        fingerprint=row["fingerprint"],
        service=row["service"],
        series=series,
        episode=row["episode"],
        asked_at=row["asked_at"],
        taken_at=row["taken_at"],
    )
