"""Which incident is meant by a duplicate, and what nobody may learn of private ones by it."""

import pytest

from analysis.duplicates import meant_by
from analysis.incident import Incident, Status, Visibility
from tests.factories import make_incident

FIRST = make_incident(number=1)
SECOND = make_incident(number=2, status=Status.DUPLICATE, duplicate_of=1)
THIRD = make_incident(number=3, status=Status.DUPLICATE, duplicate_of=2)
PRIVATE = make_incident(number=1, visibility=Visibility.PRIVATE)
NONE = make_incident(number=1, status=Status.CANCELLED)


@pytest.mark.parametrize(
    ("incident", "others", "meant"),
    [
        pytest.param(FIRST, (), (1, False), id="itself"),
        pytest.param(PRIVATE, (), (1, True), id="itself, private"),
        pytest.param(NONE, (), None, id="none"),
        pytest.param(THIRD, (FIRST, SECOND), (1, False), id="the original of the original"),
        pytest.param(SECOND, (PRIVATE,), (2, True), id="a private original is not named"),
        pytest.param(SECOND, (NONE,), None, id="an original that was none"),
        pytest.param(SECOND, (), (2, False), id="an original that is not on record"),
        pytest.param(
            SECOND, (make_incident(number=1, status=Status.DUPLICATE, duplicate_of=2),), (2, False), id="a ring"
        ),
    ],
)
def test_duplicate_stands_for_its_original(
    incident: Incident, others: tuple[Incident, ...], meant: tuple[int, bool] | None
) -> None:
    """However many lie between; what would tell of a private incident stands for itself."""
    known = {one.number: one for one in (*others, incident)}

    found = meant_by(incident, known.get)

    assert (found and (found.incident.number, found.is_private)) == meant
