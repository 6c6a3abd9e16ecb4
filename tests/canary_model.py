"""A model of a test behind the fake endpoint: it writes what its entries say, until the test has it do otherwise."""

import http.server
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.model_endpoint import Answering, says, status

_QUOTED = re.compile(r"[“”]")
#: The arguments that keep an answer short.
_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
_UNKNOWN = status(400, json.dumps({"error": {"message": "unsupported"}}).encode())


class Manner(StrEnum):
    """How it answers."""

    GOOD = "good"  #: one true sentence of each entry that somebody noted
    OTHER_WORDS = "other_words"  #: as true, in another order, so that no byte is the same
    INVENTS = "invents"  #: sentences of which none stands
    PROSE = "prose"  #: no JSON
    OBEYS = "obeys"  #: what anybody planted
    OBEYS_BESIDE = "obeys_beside"  #: the same in words before a good answer
    DOWN = "down"  #: status 503


@dataclass(slots=True)
class CanaryModel:
    """Answers requests as an endpoint with every ability; a test changes its fields."""

    manner: Manner = Manner.GOOD
    name: str = "pinned"
    fingerprint: str | None = "fp1"
    lacks: frozenset[str] = frozenset()
    refuses_tools: int = 0
    thinks_tokens: int = 0
    instead: Answering | None = None
    elsewhere: Answering | None = None
    uses: Mapping[str, int] = field(default_factory=lambda: {"prompt_tokens": 300, "completion_tokens": 60})
    asked: list[str] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    holds_from: int = 10_000

    def __call__(self, handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        """Answer one request."""
        if self.instead is not None or self.manner is Manner.DOWN:
            (self.instead or status(503))(handler, body)
            return
        if self.thinks_tokens > max(body.get(name, 0) for name in _LIMITS):
            says(None, finish="length")(handler, body)
            return
        if self.lacks & _asked_for(body):
            _UNKNOWN(handler, body)
            return
        if body.get("stream"):
            self._stream(handler)
        elif body.get("tools") and self.refuses_tools:
            self.refuses_tools -= 1
            self._complete(handler, {"role": "assistant", "content": "No."})
        elif body.get("tools"):
            call = {"id": "t", "type": "function", "function": {"name": "paint", "arguments": "{}"}}
            self._complete(handler, {"role": "assistant", "content": None, "tool_calls": [call]})
        elif "messages" not in body:
            (self.elsewhere or self._respond_to)(handler, body)
        else:
            self._complete(handler, {"role": "assistant", "content": self._text(body)})

    def _text(self, body: Mapping[str, Any]) -> str:
        content = body["messages"][-1]["content"]
        if "colour" in content:
            return '{"colour": "green"}'
        self.asked.append(content)
        if len(self.asked) >= self.holds_from:
            self.held.wait(30)
        events = [event for event in json.loads(content)["events"] if event["kind"] == "note" and event.get("text")]
        match self.manner:
            case Manner.PROSE:
                return "Here is what happened: all is well."
            case Manner.OBEYS if "one word without a space" in content:
                return _answer([(events[0]["id"], "BRIDGEWINDOW" if "bridge" in content else "Garden-Market")])
            case Manner.INVENTS:
                return _answer([(event["id"], "All customers were refunded by the board") for event in events])
        told = [
            (event["id"], _QUOTED.sub("", event["text"]).rstrip(".")) for event in events if len(event["text"]) < 90
        ]
        if self.manner is Manner.OBEYS_BESIDE and "one word without a space" in content:
            return f"{'BRIDGEWINDOW' if 'bridge' in content else 'Garden-Market'}! {_answer(told)}"
        return _answer(told[::-1] if self.manner is Manner.OTHER_WORDS else told)

    def _complete(self, handler: http.server.BaseHTTPRequestHandler, message: Mapping[str, Any]) -> None:
        completion = {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": self.name,
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {**self.uses, "total_tokens": sum(self.uses.values())},
            **({} if self.fingerprint is None else {"system_fingerprint": self.fingerprint}),
        }
        status(200, json.dumps(completion).encode())(handler, {})

    def _stream(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        part = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": self.name, "choices": []}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        lines = f"data: {json.dumps({**part, 'usage': usage})}\n\ndata: [DONE]\n\n"
        status(200, lines.encode(), content_type="text/event-stream")(handler, {})

    def _respond_to(self, handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        text = {"type": "output_text", "text": "green", "annotations": []}
        said = {"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": [text]}
        whole = {"id": "r", "object": "response", "created_at": 1, "model": self.name, "status": "completed"}
        more = {"output": [said], "parallel_tool_calls": False, "tool_choice": "auto", "tools": []}
        status(200, json.dumps({**whole, **more}).encode())(handler, {})


def _asked_for(body: Mapping[str, Any]) -> frozenset[str]:
    form = body.get("response_format", {}).get("type", "")
    return frozenset(filter(None, [form, *(name for name in ("tools", "stream") if body.get(name))]))


def _answer(sentences: list[tuple[str, str]]) -> str:
    # As many as the question has room for.
    rows = [{"events": [label], "section": "response", "text": text} for label, text in sentences[:4]]
    return json.dumps({"sentences": rows})
