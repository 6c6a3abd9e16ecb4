"""What the facts about pages say, in words for channels and documents alike."""

from collections.abc import Callable, Mapping
from typing import Any

from analysis.events import EventKind, NewEvent
from analysis.paging import TargetKind

PAGE_KINDS = frozenset(
    {
        EventKind.PAGED,
        EventKind.PAGE_FAILED,
        EventKind.PAGE_ACKNOWLEDGED,
        EventKind.PAGE_RESOLVED,
        EventKind.PAGE_REOPENED,
    }
)
_BECAME = {
    EventKind.PAGE_ACKNOWLEDGED: "was acknowledged",
    EventKind.PAGE_RESOLVED: "was resolved",
    EventKind.PAGE_REOPENED: "is open again, or nobody works on it any more",
}


def page_sentence(event: NewEvent, names: Callable[[str], str]) -> str:
    """What *event* says of its page, without who says so; what somebody wrote with it is not in it."""
    payload = event.payload
    page = f"Page {payload['page']} for {target_words(payload, names)}"
    if event.kind is EventKind.PAGED:
        return f"{page} asked for, through {payload.get('pager', 'the pager')}"
    if event.kind is EventKind.PAGE_FAILED:
        more = "Debrief has stopped trying" if payload.get("is_final") else "Debrief goes on trying"
        return f"{page}: NOT PAGED. {payload.get('because', '')}. {more}. Call {payload.get('call', '')}"
    return f"{page} {_BECAME[event.kind]}"


def target_words(payload: Mapping[str, Any], names: Callable[[str], str]) -> str:
    """Whom a page is for, a person by name."""
    target = str(payload.get("target", ""))
    match payload.get("kind"):
        case TargetKind.PERSON:
            return names(f"slack:{target}") or "a person"
        case TargetKind.POLICY:
            return f"the policy {target}"
    return target or "somebody"
