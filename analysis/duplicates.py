"""Which incident is meant where alerts are attached to one that turned out to be another, or none."""

from collections.abc import Callable
from typing import NamedTuple

from analysis.incident import Incident, Status, Visibility

#: What turned out to be no incident.
TAKEN_BACK = frozenset({Status.DECLINED, Status.CANCELLED})


class Meant(NamedTuple):
    """The incident that is meant; `is_private` where somebody would learn of a private one by hearing of it."""

    incident: Incident
    is_private: bool


def meant_by(incident: Incident, by_number: Callable[[int], Incident | None]) -> Meant | None:
    """What *incident* turned out to be: itself, or what it is a duplicate of; None where that was taken back.

    Of a duplicate that is private, or of something private, nobody may learn what it is one of: it is meant itself.
    """
    is_private = False
    passed: set[int] = set()
    one: Incident | None = incident
    while one is not None and one.number not in passed:
        passed.add(one.number)
        is_private = is_private or one.visibility is Visibility.PRIVATE
        if one.status in TAKEN_BACK:
            return None
        if one.status is not Status.DUPLICATE:
            return Meant(incident if is_private else one, is_private)
        one = by_number(one.duplicate_of) if one.duplicate_of else None
    return Meant(incident, is_private)


def leads_to(incident: Incident, to: Incident, by_number: Callable[[int], Incident | None]) -> bool:
    """Whether people called *incident* a duplicate of *to*, or of what is one; not where what lies between is private.

    It is for *to* alone to know: `meant_by` says nothing of private incidents, and *to* is no secret to itself.
    """
    passed: set[int] = set()
    one: Incident | None = incident
    while one is not None and one.status is Status.DUPLICATE and one.duplicate_of and one.number not in passed:
        if one.duplicate_of == to.number:
            return True
        passed.add(one.number)
        one = by_number(one.duplicate_of)
        if one is not None and one.visibility is Visibility.PRIVATE:
            return False
    return False
