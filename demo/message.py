"""What people see in the stand-in: messages with their words, buttons and files, and forms as they come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button as it stands in a message."""

    action_id: str
    block_id: str
    text: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as the stand-in keeps it."""

    channel: str
    ts: str
    user: str
    raw: Mapping[str, Any]

    @property
    def ephemeral_to(self) -> str | None:
        """The one person who sees it, if it is not for everybody."""
        return self.raw.get("ephemeral_to")

    @property
    def thread(self) -> str | None:
        """The `ts` of the message that it replies to."""
        return self.raw.get("thread_ts")

    def words(self) -> str:
        """Everything a person can read in it: its blocks, or its text where it has none."""
        blocks = self.raw.get("blocks")
        return "\n".join(_texts(blocks)) if blocks else str(self.raw.get("text") or "")

    def buttons(self) -> tuple[Button, ...]:
        """Its buttons, in the order they stand."""
        return tuple(_buttons(self.raw.get("blocks") or []))

    def files(self) -> tuple[Mapping[str, Any], ...]:
        """The files shared with it."""
        return tuple(self.raw.get("files") or [])


def initial_values(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a form comes filled in with, in the shape of a submission."""
    values = {}
    for block in view["blocks"]:
        element = block.get("element") or {}
        if "initial_option" in element:
            found = {"type": element["type"], "selected_option": element["initial_option"]}
        elif "initial_value" in element:
            found = {"type": element["type"], "value": element["initial_value"]}
        else:
            continue
        values[block["block_id"]] = {element["action_id"]: found}
    return values


def typed(field: str, text: str) -> dict[str, dict[str, Any]]:
    """What is typed into a *field* of a form, in the shape of a submission."""
    return {field: {"value": {"type": "plain_text_input", "value": text}}}


def chosen(form: Mapping[str, Any], field: str, value: str) -> dict[str, dict[str, Any]]:
    """The option of *form* that stands for *value*, chosen in *field*."""
    element = next(block["element"] for block in form["blocks"] if block.get("block_id") == field)
    option = next(option for option in element["options"] if option["value"] == value)
    return {field: {"value": {"type": "static_select", "selected_option": option}}}


def _texts(value: object) -> Iterator[str]:
    """Each text of a block, wherever it stands in it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            elif key not in {"value", "action_id", "block_id", "type"}:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _buttons(blocks: list[Mapping[str, Any]]) -> Iterator[Button]:
    for block in blocks:
        for element in [*(block.get("elements") or []), block.get("accessory") or {}]:
            if element.get("type") == "button":
                yield Button(
                    action_id=element["action_id"],
                    block_id=block.get("block_id", ""),
                    text=element["text"]["text"],
                    value=element.get("value", ""),
                )
