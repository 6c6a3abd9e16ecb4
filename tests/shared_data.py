"""Recorded incidents of the field, which are no part of this repository: none where they are not at hand."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.measuring import SHARED

RECORDS = sorted((SHARED / "incidents" / "dfds").glob("*.json"))
_MISSING = "the recorded incidents are not here; DEBRIEF_SHARED_DATA names their folder"

needs_records = pytest.mark.skipif(not RECORDS, reason=_MISSING)


def each_of(rows: Sequence[object]) -> Sequence[object]:
    """Parameters of which each is one of `RECORDS`; one that is skipped with its reason where there are none."""
    return rows or [pytest.param(Path(), marks=needs_records, id="none")]
