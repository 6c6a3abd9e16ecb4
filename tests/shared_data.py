"""Recorded incidents of the field, which are no part of this repository: none where they are not at hand."""

from benchmarks.measuring import SHARED

RECORDS = sorted((SHARED / "incidents" / "dfds").glob("*.json"))
