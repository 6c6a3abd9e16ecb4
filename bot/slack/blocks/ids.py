"""The ids that tie a button, form or block to its handler."""

import re

#: Buttons that only open a form; they record nothing.
OPEN_FORM = "form.open"
#: Buttons that do something at once; the part after the dot names it.
MOVE_STATUS = "incident.status"
RESOLVE = "incident.resolve"
RESOLVE_CONFIRM = "resolve.confirm"
RESOLVE_DENY = "resolve.deny"
PUBLIC_CONFIRM = "incident.public"
PAGE = "incident.page"
DRAFT = "incident.draft"
APPROVE = "draft.approve"
UNAPPROVE = "draft.unapprove"
PUBLISH = "draft.publish"
TIMELINE = "incident.timeline"
SIGNALS = "incident.signals"
ATTACH_CHANGE = "incident.attach_change"

GROUP_NOT_RELATED = "group.not_related"
GROUP_PUT_BACK = "group.put_back"
GROUP_MERGE = "group.merge"
GROUP_TAKE_APART = "group.take_apart"
GROUP_NOT_NOISE = "group.not_noise"
GROUP_MATTERED = "group.mattered"
GROUP_NOT_MATTERED = "group.not_mattered"

SIGNAL_ATTACH = "signal.attach"
SIGNAL_USEFUL = "signal.useful"
SIGNAL_NOT_RELATED = "signal.not_related"

HOLD_APPROVE = "hold.approve"
HOLD_DECLINE = "hold.decline"
HOLD_STOP = "hold.stop"
HOLD_SHOW = "hold.show"
HOLD_MATTERED = "hold.mattered"

ACTION_PATTERN = re.compile(r"^(form|incident|resolve|draft|group|signal|hold)\.")
FORM_PATTERN = re.compile(r"^form\.")
FORM_PREFIX = "form."

SHORTCUT_ADD = "add_to_timeline"
SHORTCUT_DECLARE = "declare_from_message"

DELIVERY_EVENT_TYPE = "debrief_delivery"
DELIVERY_BLOCK_PREFIX = "delivery:"
#: Before the number of a ledger's last entry and its whole hash.
HEAD_BLOCK_PREFIX = "head:"
