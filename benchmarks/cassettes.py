"""How talks with a language model are recorded and played back; used by the tests and by the script that records.

A cassette holds what a real model answered to exactly these questions: method, path and the JSON of the body must be
the same for it to play. It holds no address, key or header that could tell where it was recorded.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from vcr import VCR
from vcr.request import Request

from benchmarks.local_model import MODELS, Weights

FOLDER = Path(__file__).parent.parent / "tests" / "data" / "cassettes"
HOST = "http://llm.invalid"
#: The top-level key under which a cassette says how it was made.
RECORDED = "recorded"
SCRIPT = "python -m benchmarks.model_drafts"
_REQUEST_HEADERS = frozenset({"content-type", "accept"})
_ANSWER_HEADERS = frozenset({"content-type"})
#: What of an answer's body is read; ids and timings of the server say where and when it ran.
_ANSWER_FIELDS = frozenset({"object", "model", "choices", "usage", "system_fingerprint", "output", "status", "error"})
#: How each part of an answer that is streamed begins.
_PART = "data: "


def recorder(folder: Path, *, mode: str = "none") -> VCR:
    """A recorder for the cassettes in *folder*; with the mode `none` it plays back and never asks anybody."""
    made = VCR(
        cassette_library_dir=str(folder),
        record_mode=mode,
        match_on=("method", "path", "json"),
        before_record_request=without_place,
        before_record_response=without_server,
        decode_compressed_response=True,
    )
    made.register_matcher("json", _same_json)
    return made


def without_place(request: Request) -> Request:
    """A request without where it went and by whom it was sent."""
    path = request.path or "/"
    request.uri = f"{HOST}{path}"
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in _REQUEST_HEADERS}
    return request


def without_server(response: dict[str, Any]) -> dict[str, Any]:
    """An answer with its type and what is read of it; what a server says of itself and of the time is left out."""
    kept = {name: value for name, value in response["headers"].items() if name.lower() in _ANSWER_HEADERS}
    text = response["body"]["string"]
    said = _read_of(text if isinstance(text, str) else text.decode())
    return {**response, "headers": kept, "body": {"string": said if isinstance(text, str) else said.encode()}}


def _read_of(text: str) -> str:
    """What is read of an answer, or of each part of one that was streamed."""
    lines = text.split("\n\n") if text.startswith(_PART) else [text]
    return "\n\n".join(_PART * line.startswith(_PART) + _fields(line.removeprefix(_PART)) for line in lines)


def _fields(text: str) -> str:
    try:
        body = json.loads(text)
    except ValueError:
        return text
    kept = {name: value for name, value in body.items() if name in _ANSWER_FIELDS}
    for part in kept.get("output", ()):
        part.pop("id", None)
    return json.dumps(kept, ensure_ascii=False)


def sign(path: Path, weights: Weights = MODELS["qwen"], *, script: str = SCRIPT) -> None:
    """Write into the cassette at *path* how it was recorded; a signature that is there stays."""
    cassette = yaml.safe_load(path.read_text())
    made = {"model": weights.name, "sha256": weights.sha256, "date": f"{datetime.now(UTC):%Y-%m-%d}", "script": script}
    cassette.setdefault(RECORDED, made)
    path.write_text(yaml.safe_dump(cassette, allow_unicode=True, width=120))


def signature(path: Path) -> Mapping[str, str]:
    """How the cassette at *path* was recorded; empty where it does not say."""
    return dict(yaml.safe_load(path.read_text()).get(RECORDED) or {})


def unsigned(folder: Path) -> list[str]:
    """The cassettes in *folder* that do not say how a real model was recorded."""
    wanted = {"model", "sha256", "date", "script"}
    return sorted(path.name for path in folder.glob("*.yaml") if not wanted <= signature(path).keys())


def _same_json(one: Request, other: Request) -> None:
    assert json.loads(one.body) == json.loads(other.body)
