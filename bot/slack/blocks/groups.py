"""What a group of alerts looks like in Slack; everything that came with the alerts is escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from analysis.alerts.channel_news import FIRES_ON_AFTER, QUIETLY_REPEATED, told_again_after
from analysis.incident import Incident
from analysis.slacktext import escape
from analysis.wording import counted, joined, length
from bot.ports.grouping import AlertGroup, Feedback, FeedbackKind, Notice
from bot.ports.holding import Hold
from bot.slack.blocks import ids
from bot.slack.blocks.elements import (
    PIECE_LETTERS,
    Block,
    actions,
    button,
    context,
    linked,
    paragraphs,
    picture,
    plain,
    section,
    when,
)
from bot.slack.blocks.noise import held_line
from bot.slack.blocks.numbered_rows import value_of
from bot.usecases.groups.asking import Suggested, names_and_more

RULES_SHOWN = 3
PLACES_SHOWN = 4
STORM_LINES = 5
#: More than so many incidents would hide everything else that the message says.
INCIDENTS_SHOWN = 3
#: Of a group whose series all were put into others.
EMPTY = "Nothing is in it any more: its series are in other groups."
WORDS_LETTERS = 300


#: How a message begins that must be noticed for what became of the group.
_LED = {
    Notice.WORSE: "is worse now: ",
    Notice.AGAIN: "fires again: ",
    Notice.BACK: "fires again and stays: ",
    Notice.MORE: "fires on, with something new: ",
    Notice.HELD: "was held back: ",
}
#: The same where it is over by the time that the message is sent, as after an outage of Slack: nobody has to hurry.
_LED_IF_OVER = {
    Notice.NEW: "is over by now: ",
    Notice.WORSE: "became worse, is over by now: ",
    Notice.AGAIN: "fired again, is over by now: ",
    Notice.BACK: "fired again for long, is over by now: ",
    Notice.MORE: "had something new, is over by now: ",
    Notice.HELD: "was held back, is over by now: ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGroup:
    """A group with what its message says beside it: only of incidents that everybody may see.

    `chart` is the id of the uploaded picture of its rate; `is_needed` is whether people say that it mattered;
    `taken_apart` where what came in a group is that was merged into another and has left that;
    `near` is another group that it may be one with.
    """

    group: AlertGroup
    attached: Sequence[Incident] = ()
    suggested: Sequence[Suggested] = ()
    merged_into: str = ""
    taken_apart: Sequence[str] = ()
    near: AlertGroup | None = None
    noise: Feedback | None = None
    is_needed: bool = False
    held: Hold | None = None
    chart: str = ""

    @property
    def without_chart(self) -> "ShownGroup":
        """The same with bars of text, for when Slack cannot show the picture."""
        return replace(self, chart="")


def group_line(group: AlertGroup) -> str:
    """One line that says which group, how bad and what; not escaped."""
    places, environment = joined(names_and_more(group.digest.places, PLACES_SHOWN)), group.digest.environment
    where = f"{f' at {places}' if places else ''}{f' in {environment}' if environment else ''}"
    return f"{group.reference} {group.severity}: {rules_of(group)}{where}"


def rules_of(group: AlertGroup) -> str:
    """The rules in words; not escaped."""
    return joined(names_and_more(group.digest.rules, RULES_SHOWN)) or "alerts"


def group_text(shown: ShownGroup, notice: Notice | None = None) -> str:
    """What a notification says; escaped."""
    if shown.merged_into:
        joins = "was one" if shown.taken_apart else "is one"
        return f"{shown.group.reference} {joins} with {shown.merged_into}"
    line = _with_newest(shown.group) if notice is Notice.MORE else group_line(shown.group)
    over = _over(shown.group)
    led = f"{over}: " if notice is None and over else _led(shown.group, notice)
    return plain(f"{led}{line}", WORDS_LETTERS)


def group_blocks(shown: ShownGroup, notice: Notice | None = None) -> list[Block]:
    """The message about a group: what, where, since when, how many, why together, how fast, and what can be done."""
    group = shown.group
    if shown.merged_into:
        return _folded(shown)
    state = f", {over}" if (over := _over(group)) else ""
    title = f"*{group.reference} {group.severity}{state}*  {plain(rules_of(group), WORDS_LETTERS)}"
    if led := _led(group, notice):
        title = f"{title}  ({led.removesuffix(': ')})"
    lines = [
        title,
        *_where(group),
        _counts(shown),
        *_repeats(shown),
        *_ends(group),
        *_said(group),
        *_news(group),
        *_incidents(shown),
        *_near(shown),
        *_noise(shown),
    ]
    blocks = paragraphs(lines)
    blocks += [context(f"Together because: {plain(group.digest.why, WORDS_LETTERS)}")] if group.digest.why else []
    blocks += [context(line)] if shown.held and (line := held_line(shown.held)) else []
    # Prometheus links to itself as its pods know it, at length
    pages = {rule: link for rule, link in group.digest.pages.items() if linked(link)}
    links = [*_links("Runbook", group.digest.runbooks), *_links("Source", pages)]
    return [*blocks, *links, *_rate(shown), actions(*_buttons(shown))]


def _folded(shown: ShownGroup) -> list[Block]:
    """What is said of a group that was merged into another, until a person takes it apart."""
    group = shown.group
    if shown.taken_apart:
        told = f"*{group.reference}* was one with *{shown.merged_into}*, and was taken apart: see "
        return [section(f"{told}{joined([f'*{one}*' for one in shown.taken_apart])}.")]
    why = plain(group.digest.why, WORDS_LETTERS)
    apart = button("Take apart", ids.GROUP_TAKE_APART, value_of(group.number, group.id))
    return [section(f"*{group.reference}* is one with *{shown.merged_into}*: {why}"), actions(apart)]


def former_text(group: AlertGroup, channel: str = "") -> str:
    """What a message says that a newer one about the same group follows, in another *channel* if named; escaped.

    It is edited no more, so it states nothing that changes: no state, no counts, no incident, and no buttons.
    """
    where = f"in <#{channel}>" if channel else "further down"
    named = plain(f"{group.reference}, {rules_of(group)}", WORDS_LETTERS)
    return f"{named}: told again {where}, where it says how it is now."


def _led(group: AlertGroup, notice: Notice | None) -> str:
    """Why a message is posted, as far as that is so when it is sent."""
    return (_LED if group.firing else _LED_IF_OVER).get(notice, "") if notice else ""


def _over(group: AlertGroup) -> str:
    """How it is called where nothing of it fires; empty where something does, or it has been emptied."""
    if group.firing or not group.series:
        return ""
    return "ended" if group.digest.ends else "resolved"


def rate_words(group: AlertGroup) -> str:
    """What the chart of a group shows, in words."""
    counts = group.digest.minutes
    most, latest = max(counts.values(), default=0), counts[max(counts)] if counts else 0
    return f"Alerts a minute over the half hour up to the latest one: at most {most}, {latest} in the latest minute."


def _rate(shown: ShownGroup) -> list[Block]:
    """How fast alerts came: the picture if there is one, else bars of text."""
    group = shown.group
    if not group.digest.rate:
        return []
    if not shown.chart:
        return [context(f"{group.digest.rate}  alerts a minute, until {when(group.last_at)}")]
    said = f"Alerts a minute, at most {max(group.digest.minutes.values())}, until {when(group.last_at)}"
    return [picture(shown.chart, rate_words(group)), context(said)]


def storm_text(groups: Sequence[AlertGroup]) -> str:
    """What a notification about several groups says; escaped. *groups* as of `storm_blocks`."""
    if not groups:
        return "All groups of alerts that this told of have messages of their own by now."
    firing = sum(group.firing > 0 for group in groups)
    state = f"{firing} firing" if firing else "all over by now"
    return plain(f"{_with_news(groups)} something new, {state}: {_with_newest(groups[0])}", WORDS_LETTERS)


def storm_blocks(groups: Sequence[AlertGroup], at: datetime) -> list[Block]:
    """The one message about several groups as they are *at* that time: what fires is first, and of that the worst."""
    if not groups:
        return [section(storm_text(groups))]
    alerts, firing = sum(group.alerts for group in groups), sum(group.firing > 0 for group in groups)
    began = "it began" if len(groups) == 1 else "they began"
    head = (
        f"*{_with_news(groups)} something new*, as of {when(at)}: "
        f"{counted(alerts, 'alert')} in all since {began}, {counted(firing, 'group')} firing now."
    )
    lines = [f"• {line_with_state(group, _with_newest(group))}" for group in groups[:STORM_LINES]]
    if len(groups) > STORM_LINES:
        lines.append(f"and {len(groups) - STORM_LINES} more")
    tail = "They are in one message so that this channel stays readable. `/incident alerts` lists them."
    return [section("\n".join([head, *lines])), context(tail)]


def line_with_state(group: AlertGroup, line: str) -> str:
    """The *line* of a group with how many alerts it had, and since when it fires or is quiet; escaped."""
    return f"{plain(line, WORDS_LETTERS)} · ×{group.alerts} · {_state_words(group)}"


def _with_newest(group: AlertGroup) -> str:
    """The line of a group, which begins with what is new of one that was told of before; not escaped."""
    news = group.digest.news
    return f"{group.reference} {group.severity}, newest: {news[0]}" if news else group_line(group)


def _with_news(groups: Sequence[AlertGroup]) -> str:
    return f"{counted(len(groups), 'group')} of alerts {'has' if len(groups) == 1 else 'have'}"


def _where(group: AlertGroup) -> list[str]:
    names = joined(names_and_more(group.digest.places, PLACES_SHOWN))
    told = ", ".join(one for one in (names, group.digest.environment) if one)
    return [f"*Where:* {plain(told, WORDS_LETTERS)}"] if told else []


def _counts(shown: ShownGroup) -> str:
    group = shown.group
    # only of incidents that everybody may see, as they are now: the group follows with the next alert
    is_over = shown.attached and not any(one.status.is_active for one in shown.attached)
    over = "Its incident is over; what fires again becomes a group of its own. " if is_over else ""
    if not group.series:
        return EMPTY
    first = f" since {when(group.opened_at)}" if group.fires_since > group.opened_at else ""
    if group.firing:
        series = f"{group.firing} of {counted(group.series, 'series', 'series')} firing"
        return f"{over}*Firing since* {when(group.fires_since)}  ×{group.alerts}{first}, {series}"
    lasted = length((group.quiet_at or group.last_at) - group.fires_since)
    how = "Ended, not known to be well," if group.digest.ends else "Resolved"
    return f"{over}*{how}* after {lasted}, {counted(group.alerts, 'alert')} folded{first}."


def _only_repeats(group: AlertGroup) -> bool:
    """Whether its last messages told only that one series repeats by itself, which is told ever less often."""
    return group.digest.repeats > 0 and group.series == 1 and group.severity in QUIETLY_REPEATED


def _repeats(shown: ShownGroup) -> list[str]:
    """When what repeats by itself is told anew; of what an incident is about that is as ever."""
    is_of_an_incident = any(one.status.is_active for one in shown.attached)
    if is_of_an_incident or not _only_repeats(shown.group):
        return []
    after, on = length(told_again_after(shown.group.digest.repeats)), length(FIRES_ON_AFTER)
    told = f"told anew {after} after its last message at the earliest, but at once if it is worse"
    return [f"It repeats by itself: each time is counted here, and {told}, and sooner if it fires on for {on}."]


def _state_words(group: AlertGroup) -> str:
    if not group.series:
        return EMPTY
    if group.firing:
        return f"firing since {when(group.fires_since)}"
    return f"quiet since {when(group.quiet_at or group.last_at)}"


def _ends(group: AlertGroup) -> list[str]:
    """What ended without a recovery: a host that is gone fires no more, either."""
    told = "; ".join(f"{one}: {because}" for one, because in group.digest.ends.items())
    return [f"*Ended without recovery:* {plain(told, WORDS_LETTERS)}"] if told else []


def _said(group: AlertGroup) -> list[str]:
    return [f"> {plain(' '.join(group.digest.summary.split()), WORDS_LETTERS)}"] if group.digest.summary else []


def _links(what: str, links: Mapping[str, str]) -> list[Block]:
    """Links of the senders' by rule, with the host that each goes to, as many as fit whole."""
    told, left = [], PIECE_LETTERS
    for rule, link in links.items():
        one = f"{plain(rule, WORDS_LETTERS)}{linked(link) or f' {escape(link)}'}"
        left -= len(one)
        if left > 0:
            told.append(one)
    return [context(f"{what}: {', '.join(told)}")] if told else []


def _news(group: AlertGroup) -> list[str]:
    """What was told anew of a group that fired on: among many rules and places nobody would find it."""
    return [f"*Newest:* {plain(one, WORDS_LETTERS)}" for one in group.digest.news] if group.series > 1 else []


def _incidents(shown: ShownGroup) -> list[str]:
    lines = [f"Attached to *{one.reference}* {plain(one.shown_title, 120)}{_channel(one)}" for one in shown.attached]
    known = {one.number for one in shown.attached}
    lines += [
        f"It may be a part of *{one.incident.reference}* {plain(one.incident.shown_title, 120)}"
        f"{_channel(one.incident)}: {plain(one.why, WORDS_LETTERS)}. Attach it?"
        for one in shown.suggested
        if one.incident.number not in known
    ]
    left = len(lines) - INCIDENTS_SHOWN
    where = f"`/incident alerts {shown.group.reference}` names them" if shown.attached else "*Attach…* offers them"
    return [*lines[:INCIDENTS_SHOWN], *([f"and {left} more: {where}"] if left > 0 else [])]


def _near(shown: ShownGroup) -> list[str]:
    # No more of it: what becomes of that one does not edit this message.
    return [f"It may be one with *{shown.near.reference}*. Merge them?"] if shown.near else []


def near_words(near: AlertGroup) -> str:
    """That a group may be one with *near*; escaped."""
    line = group_line(near).removeprefix(near.reference)
    return f"It may be one with *{near.reference}*{plain(line, WORDS_LETTERS)}."


def _noise(shown: ShownGroup) -> list[str]:
    return label_words(shown.noise, is_needed=shown.is_needed)


def label_words(label: Feedback | None, *, is_needed: bool) -> list[str]:
    """What people say of a group, that it is noise or mattered; escaped."""
    if is_needed:
        return ["It mattered: somebody had to act on it. That speaks against holding back what is in it."]
    if label is None or label.until is None:
        return []
    because = f": {plain(label.reason, WORDS_LETTERS)}" if label.reason else ""
    return [f"Called noise until {when(label.until)}{because}. It is shown all the same."]


def _buttons(shown: ShownGroup) -> list[Block]:
    number = value_of(shown.group.number, shown.group.id)
    row = [
        button("Declare", f"{ids.OPEN_FORM}:group_declare", number, style="" if shown.attached else "primary"),
        button("Attach…", f"{ids.OPEN_FORM}:group_attach", number),
    ]
    if shown.near:
        other = value_of(shown.near.number, shown.near.id)
        row.append(button(f"Merge with {shown.near.reference}", f"{ids.GROUP_MERGE}:{other}", number))
    if shown.group.series > 1:
        row.append(button("Split…", f"{ids.OPEN_FORM}:group_split", number))
    if shown.group.digest.is_apart:
        row.append(button("Put back", ids.GROUP_PUT_BACK, number))
    row.append(button("Not related", ids.GROUP_NOT_RELATED, number))
    if shown.is_needed:
        row.append(button("Did not matter", ids.GROUP_NOT_MATTERED, number))
    elif not shown.attached:  # what an incident has mattered by that
        row.append(button("Mattered", ids.GROUP_MATTERED, number))
    if shown.noise and shown.noise.kind is FeedbackKind.NOISE:
        return [*row, button("Not noise", ids.GROUP_NOT_NOISE, number)]
    return [*row, button("Noise…", f"{ids.OPEN_FORM}:group_noise", number)]


def _channel(incident: Incident) -> str:
    return f" <#{incident.channel_id}>" if incident.channel_id else ""
