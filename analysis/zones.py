"""Time zones by IANA name or offset, and the instants at which a clock in a zone shows a time."""

import difflib
import re
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

from analysis.errors import InvalidInput


class UnknownZone(InvalidInput):
    """This is no time zone; give one such as Europe/Berlin, or an offset such as +02:00."""


#: An offset as zones use them: whole quarters of an hour, from -12:00 to +14:00.
OFFSET = r"(?:[+-](?:0[0-9]|1[0-2]):?(?:00|15|30|45)|\+1[34]:?(?:00|15|30|45)|(?:utc|gmt)[+-][0-9]{1,2}(?::?[0-9]{2})?)"
#: The continents, oceans and countries under which the database files its zones.
AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Brazil", "Canada", "Chile"),
    *("Etc", "Europe", "Indian", "Mexico", "Pacific", "US"),
)
#: Zones outside the areas whose names are no words; those like Japan or Singapore are words before other words.
BARE_NAMES = ("CST6CDT", "EST5EDT", "GB-Eire", "GMT0", "MST7MDT", "NZ-CHAT", "PST8PDT", "W-SU")
#: Abbreviations that several zones share or that hold for half a year only, and a zone that was likely meant.
ABBREVIATIONS = {
    "ACST": "Australia/Adelaide",
    "AEDT": "Australia/Sydney",
    "AEST": "Australia/Brisbane",
    "AKST": "America/Anchorage",
    "AST": "America/Halifax",
    "AWST": "Australia/Perth",
    "BRT": "America/Sao_Paulo",
    "BST": "Europe/London",
    "CDT": "America/Chicago",
    "CEST": "Europe/Berlin",
    "CET": "Europe/Berlin",
    "CST": "America/Chicago",
    "CT": "America/Chicago",
    "EDT": "America/New_York",
    "EEST": "Europe/Athens",
    "EET": "Europe/Athens",
    "EST": "America/New_York",
    "ET": "America/New_York",
    "GMT": "Europe/London",
    "HKT": "Asia/Hong_Kong",
    "HST": "Pacific/Honolulu",
    "IDT": "Asia/Jerusalem",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "MDT": "America/Denver",
    "MESZ": "Europe/Berlin",
    "MEZ": "Europe/Berlin",
    "MSK": "Europe/Moscow",
    "MST": "America/Denver",
    "MT": "America/Denver",
    "NZDT": "Pacific/Auckland",
    "NZST": "Pacific/Auckland",
    "PDT": "America/Los_Angeles",
    "PKT": "Asia/Karachi",
    "PST": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "SAST": "Africa/Johannesburg",
    "SGT": "Asia/Singapore",
    "WEST": "Europe/Lisbon",
    "WET": "Europe/Lisbon",
}
_OFFSET = re.compile(
    rf"(?=(?i:{OFFSET})$)(?i:utc|gmt)?(?P<sign>[+-])(?P<hours>0?[0-9]|1[0-4])(?::?(?P<minutes>00|15|30|45))?"
)
_MAX_NAME = 64


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name in any case, of `UTC` or `Z`, or of an offset such as `+02:00` or `UTC+2`.

    Raises UnknownZone for anything else; `localtime` is refused, as it depends on the machine.
    """
    if name.upper() in {"UTC", "Z"}:
        return UTC
    if match := _OFFSET.fullmatch(name):
        distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        return timezone(-distance if match["sign"] == "-" else distance)
    known = _names().get(name.lower()) if len(name) <= _MAX_NAME else None
    if not known:
        refuse_abbreviation(name)  # what looks like it, such as EST for CEST, is hours away
        raise UnknownZone(_unknown(name))
    return zoneinfo.ZoneInfo(known)


def written_zone(name: str) -> tzinfo:
    """The zone that somebody wrote beside times; it is no abbreviation, although the database has some.

    Its EST has no summer time, so whoever writes that in New York in July would be an hour off.
    """
    refuse_abbreviation(name)
    return zone_named(name)


def refuse_abbreviation(name: str) -> None:
    """Raise UnknownZone, naming a zone to write instead, if this is an abbreviation such as CET."""
    if instead := ABBREVIATIONS.get(name.upper()):
        raise UnknownZone(f"{name} is ambiguous. Write a zone such as {instead}, or an offset such as +02:00.")


def instants(local: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """The UTC instants at which a clock in the zone shows this naive local time, earliest first.

    Usually one; two where clocks are put back over it, none where they are put forward over it.
    """
    shown = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(at for at in shown if at.astimezone(zone).replace(tzinfo=None, fold=0) == local))


def _unknown(name: str) -> str:
    shown = name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…"
    near = difflib.get_close_matches(name[:_MAX_NAME].lower(), _names(), n=1, cutoff=0.75)
    ask = f"Did you mean {_names()[near[0]]}?" if near else "Write one such as Europe/Berlin, or an offset like +02:00."
    return f"{shown} is not a known time zone. {ask}"


@cache
def _names() -> dict[str, str]:
    return {name.lower(): name for name in sorted(zoneinfo.available_timezones() - {"localtime"})}
