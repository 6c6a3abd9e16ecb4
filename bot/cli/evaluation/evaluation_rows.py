"""Rows of alerts as other programs write them: numbers among labels are read as the webhook for alerts reads them."""

import json
from collections.abc import Mapping
from math import isfinite
from typing import Any

from analysis.alerts.alert import Alert
from analysis.alerts.alert_rows import read_alert
from analysis.alerts.backtest import Past
from analysis.alerts.past_rows import read_past

_PARTS = ("labels", "annotations")


def alert_in(row: object) -> Alert:
    """As `read_alert`, where ids may be numbers and labels any value."""
    return read_alert(_with_texts(row))


def past_in(row: object) -> Past:
    """As `read_past`, with the same liberties."""
    return read_past(_with_texts(row))


def _with_texts(row: object) -> object:
    if not isinstance(row, dict):
        return row
    changed: dict[str, Any] = {name: _texts(row[name]) for name in _PARTS if isinstance(row.get(name), dict)}
    if isinstance(row.get("id"), int) and not isinstance(row["id"], bool):
        changed["id"] = str(row["id"])
    return {**row, **changed}


def _texts(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is no text as JSON writes it, what is null left out; a number that JSON has not is left to be refused."""
    if all(isinstance(value, str) for value in values.values()):
        return values
    return {name: _text(value) for name, value in values.items() if value is not None}


def _text(value: object) -> object:
    if isinstance(value, str) or (isinstance(value, float) and not isfinite(value)):
        return value
    return json.dumps(value, ensure_ascii=False)
