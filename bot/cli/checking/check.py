"""One line of `debrief doctor`."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check stands."""

    OK = "ok"  #: nothing to do
    LOOK = "look"  #: works, but something is missing that somebody may want
    FAILS = "fails"  #: does not work until something is done


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the report; `todo` is what to do, empty where nothing is."""

    name: str
    verdict: Verdict
    said: str
    todo: str = ""


def ok(name: str, said: str) -> Check:
    """It stands well."""
    return Check(name=name, verdict=Verdict.OK, said=said)


def look(name: str, said: str, todo: str) -> Check:
    """It works, and somebody may want more."""
    return Check(name=name, verdict=Verdict.LOOK, said=said, todo=todo)


def fails(name: str, said: str, todo: str) -> Check:
    """It does not work until something is done."""
    return Check(name=name, verdict=Verdict.FAILS, said=said, todo=todo)
