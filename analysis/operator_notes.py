"""What the operator is told: what happened, in which incident by number, that nothing is lost, and what to do.

A title never stands here: the operations channel may have readers who must not know of a private incident.
"""

from datetime import datetime

from analysis.wording import counted

_HOURLY = "You are told at most once an hour; metrics count every refusal."
#: What the names of the lanes begin with that lead to the alerts channel.
ALERTS_LANE = "alerts"


def parked(lane: str, what: str, because: str, *, number: int | None, waiting: int, whole_lane: bool) -> str:
    """A lane, or one message of it, that cannot be sent until somebody acts; *waiting* counts what it holds up."""
    of = f" of #{number}" if number else ""
    because = because.rstrip(".")
    if whole_lane:
        messages = "1 message waits" if waiting == 1 else f"{waiting} messages wait"
        where = "the alerts channel" if lane.partition(":")[0] == ALERTS_LANE else "Slack"
        happened = f"Nothing more{of} can be sent to {where}: {because}. {messages}; nothing is lost."
    else:
        happened = (
            f"One message{of} was not sent ({what.replace('_', ' ')}): {because}. "
            "Nothing is lost, and what is behind it goes on."
        )
    return f"{happened} Once this is put right, run `debrief lanes resume {lane}`."


def publishing_fails(target: str, because: str, *, number: int, since: datetime, is_alone: bool | None) -> str:
    """A target that has not taken a document for a while, and what that means for those of other incidents.

    `is_alone` is nothing where what the target says may be meant for every document.
    """
    others = {
        True: "no other document waits for it",
        False: "those behind it are, too",
        None: "others may be refused for the same reason",
    }[is_alone]
    return (
        f"{target} has not taken the postmortem of #{number} since {instant(since)}: {because.rstrip('.')}. "
        f"Nothing is lost: it is tried again by itself, {others}, and `debrief lanes list` shows what waits."
    )


def publishing_works(target: str, *, number: int) -> str:
    """The end of what `publishing_fails` told."""
    return f"{target} takes documents again: the postmortem of #{number} is published there."


def publishing_over(target: str, *, number: int) -> str:
    """The other end of it: nothing is to be published any more."""
    return f"The draft of #{number} that {target} has not taken goes there no more; nothing of it waits."


def unsigned_draft(draft: int, incident: int, since: datetime) -> str:
    """A draft that nobody has approved, where its people cannot be reminded."""
    return (
        f"Draft {draft} of #{incident} has waited for an approval since {instant(since)}, and nobody can be reminded "
        "in its channel, which is archived. Unarchive it, and ask the incident commander or somebody with the approver "
        "role."
    )


def template_fails(style: str, because: str) -> str:
    """A template of the company's that lays out no document."""
    return (
        f"The template of the style {style} failed: {because.rstrip('.')}. Drafts are made in the default style and "
        "say so; nothing is lost. `debrief templates check` shows what it does."
    )


def instant(at: datetime) -> str:
    """A time in words that need no zone of their reader."""
    return f"{at:%H:%M} UTC on {at:%Y-%m-%d}"


def not_paged(incident: int, page: int, because: str) -> str:
    """A page that has not reached the pager, and that nothing more is tried for."""
    return (
        f"Page {page} of #{incident} did not reach the pager: {because.rstrip('.')}. Its channel was told whom to "
        "call. `debrief doctor` checks the pager's settings; `debrief egress` shows what left."
    )


def in_line_although_protected(source: str, rule: str, service: str) -> str:
    """An alert that must page directly has come by a route that is in line."""
    return (
        f"An alert of {source[:80]} that must always page directly came by a route in line: {rule[:120]}. It was "
        f"forwarded to the pager of {service}. Let {source[:80]} page it directly, and narrow the route in the pager's "
        "file."
    )


def alerts_refused(source: str, because: str) -> str:
    """Alerts of a sender that proved who it is, which are not on record."""
    return (
        f"Alerts of {source[:80]} were refused: {because.rstrip('.')}. They are not on record and nobody is told of "
        "them here. Put this right where they are sent. You are told at most once an hour; metrics count every refusal."
    )


def alerts_left_out(source: str, count: int) -> str:
    """Alerts that a sender has and does not send, because it is set up to send a few of many."""
    return (
        f"{source[:80]} left {counted(count, 'alert')} out of a notification, so nobody is told of them here. Send "
        "smaller groups (`group_by`), and raise its `max_alerts` to 2000 if it is less. "
        "You are told at most once an hour."
    )


def sender_unproven(source: str) -> str:
    """Requests under the name of a source without any of its secrets."""
    return (
        f"Somebody sends alerts as {source[:80]} with a secret that is missing, wrong or too old. They are refused, "
        "and nobody is told of them here. If it is your own system, give it a secret of DEBRIEF_ALERT_SOURCES, or put "
        "its clock right. You are told at most once an hour; metrics count every refusal."
    )


def events_unproven(source: str) -> str:
    """Events under the name of a source that none of its secrets signed."""
    return (
        f"Somebody sends events (deploys, flags) as {source[:80]} with a signature that is missing, wrong or too old. "
        "They are refused and on no record. If it is your own system, give it a secret of DEBRIEF_WEBHOOK_SECRETS, or "
        f"put its clock right. {_HOURLY}"
    )


def events_refused(source: str, because: str) -> str:
    """Events of a sender that proved who it is, which are not on record."""
    return (
        f"An event (deploy, flag) of {source[:80]} was refused: {because.rstrip('.')}. It is not on record. "
        f"Put this right where it is sent. {_HOURLY}"
    )


def pager_unproven() -> str:
    """Reports of pages that no secret of our webhook signed."""
    return (
        "Somebody reports what became of pages with a signature that is missing, wrong or too old. That is refused: "
        "who acknowledges or resolves a page at the pager stands nowhere here. If it is your own pager, give it a "
        f"secret of `webhook` in DEBRIEF_PAGER_FILE, or put its clock right. {_HOURLY}"
    )


def reports_refused(because: str) -> str:
    """Reports of a pager that proved who it is, which are not on record."""
    return (
        f"What the pager reports of a page was refused: {because.rstrip('.')}. It is not on record: look at the pager "
        f"whether somebody works on it, and put this right there. {_HOURLY}"
    )


def sender_tested(source: str) -> str:
    """A test notification, which arrived and is no alert."""
    return (
        f"A test notification of {source[:80]} arrived. It is no alert: nothing of it is on record or in the alerts "
        "channel. You are told at most once an hour."
    )


def issues_unchosen(source: str) -> str:
    """New issues of Sentry's that are no alerts, where nobody has said whether each is."""
    return (
        f"Sentry tells of new issues as {source[:80]}. Those of medium or low priority are no alerts here, unless its "
        "alert rules pick them. Set `new_issues` of this source in DEBRIEF_ALERT_SOURCES to true if each new issue is "
        "to be an alert, or to false if only what the rules pick is. You are told once after each start."
    )
