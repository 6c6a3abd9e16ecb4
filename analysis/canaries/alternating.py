"""An endpoint that answers now with one system fingerprint and now with another: two builds behind one address.

One that is exchanged for another is a change, and one that is there again may have been taken back: where that is all,
nobody accepts the other one along. Once the other has come back as well, they take turns.
"""

from collections.abc import Sequence
from dataclasses import replace

from analysis.canaries.comparing import compare
from analysis.canaries.observing import Behaviour

#: From one to the other, back, and to the other again.
_EXCHANGES = 3


def with_fingerprints(behaviour: Behaviour, fingerprints: Sequence[str]) -> Behaviour:
    """The same, as if it had been seen with these as well."""
    known = tuple(sorted({*behaviour.seen.fingerprints, *fingerprints}))
    return replace(behaviour, seen=replace(behaviour.seen, fingerprints=known))


def alternating(accepted: Behaviour, now: Behaviour, earlier: Sequence[Behaviour]) -> tuple[str, ...]:
    """The fingerprints that take turns with those of *now*, by what *earlier* runs saw, the newest first.

    Only of what behaves as was *accepted* but for its fingerprint: what did anything else is no build that somebody
    would want to be asked.
    """
    if not _differs_in_name_alone(accepted, now):
        return ()
    here, others = set(now.seen.fingerprints), set[str]()
    is_here, exchanges = True, 0
    for run in earlier:
        seen = set(run.seen.fingerprints)
        if _differs_in_name_alone(accepted, run):
            exchanges += bool(here & seen) is not is_here
            is_here = bool(here & seen)
            others |= seen - here
        if exchanges >= _EXCHANGES:
            return tuple(sorted(others))
    return ()


def _differs_in_name_alone(accepted: Behaviour, one: Behaviour) -> bool:
    fingerprints = one.seen.fingerprints
    return bool(fingerprints) and not compare(with_fingerprints(accepted, fingerprints), one).is_changed
