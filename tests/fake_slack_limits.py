"""What Slack refuses for its size, by the limits in its reference: the error's word, or nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

TEXT_LETTERS = 40_000
MESSAGE_LETTERS = 13_200
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100


def check_text(text: str) -> str | None:
    """Refuse a text that would be cut."""
    return "msg_too_long" if len(text) > TEXT_LETTERS else None


def check_blocks(blocks: Sequence[Mapping[str, Any]], *, most: int = MESSAGE_BLOCKS) -> str | None:
    """Refuse too many blocks, or one that is too large."""
    if len(blocks) > most or any(not _fits(block) for block in blocks):
        return "invalid_blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(ids)) != len(ids):
        return "invalid_blocks"
    letters = sum(len(text) for block in blocks for text in _texts(block))
    return "msg_blocks_too_long" if most == MESSAGE_BLOCKS and letters > MESSAGE_LETTERS else None


def check_view(view: Mapping[str, Any]) -> str | None:
    """Refuse a form that is too large anywhere."""
    titles = [view[name]["text"] for name in ("title", "submit", "close") if name in view]
    if any(not 0 < len(title) <= 24 for title in titles) or len(str(view.get("private_metadata", ""))) > 3000:
        return "invalid_arguments"
    return check_blocks(view["blocks"], most=VIEW_BLOCKS)


def _fits(block: Mapping[str, Any]) -> bool:
    fits = _FITS.get(block["type"], lambda _: True)
    return len(str(block.get("block_id", ""))) <= 255 and fits(block)


def _section_fits(block: Mapping[str, Any]) -> bool:
    texts, fields = [block["text"]] if "text" in block else [], block.get("fields", [])
    is_short = all(0 < len(text["text"]) <= 3000 for text in texts)
    return is_short and bool(texts or fields) and len(fields) <= 10 and all(0 < len(f["text"]) <= 2000 for f in fields)


def _actions_fit(block: Mapping[str, Any]) -> bool:
    return 0 < len(block["elements"]) <= 25 and all(_button_fits(each) for each in block["elements"])


def _input_fits(block: Mapping[str, Any]) -> bool:
    element = block["element"]
    initial = element.get("initial_value", "")
    is_shown = len(element.get("options", [])) <= 100 and len(initial) <= element.get("max_length", 3000)
    return 0 < len(block["label"]["text"]) <= 2000 and is_shown


def _button_fits(button: Mapping[str, Any]) -> bool:
    return (
        0 < len(button["text"]["text"]) <= 75
        and len(button["action_id"]) <= 255
        and len(button.get("value", "")) <= 2000
        and len(json.dumps(button.get("confirm", {}))) < 1000
    )


def _texts(block: Mapping[str, Any]) -> list[str]:
    if block["type"] in {"section", "header"}:
        texts = [block["text"]] if "text" in block else []
        return [each["text"] for each in (*texts, *block.get("fields", []))]
    return [each["text"] for each in block.get("elements", []) if isinstance(each.get("text"), str)]


_FITS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "section": _section_fits,
    "header": lambda block: 0 < len(block["text"]["text"]) <= 150,
    "actions": _actions_fit,
    "context": lambda block: 0 < len(block["elements"]) <= 10,
    "input": _input_fits,
}
