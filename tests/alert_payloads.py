"""What each system sends, as recorded from its documented fields (`tests/data/alerts`), and how it proves who it is."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from bot.settings import AlertFormat

FOLDER = Path(__file__).parent / "data" / "alerts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def payload(name: str) -> dict[str, Any]:
    """The recorded body *name*, anew each time."""
    return dict(json.loads((FOLDER / f"{name}.json").read_bytes()))


def form_of(name: str) -> AlertFormat:
    """The format of the recorded body *name*."""
    return AlertFormat(name.partition("_")[0])


def digest(body: bytes, secret: str) -> str:
    """The HMAC that several systems sign with."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
