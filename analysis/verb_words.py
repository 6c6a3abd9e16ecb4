"""How the words after a verb are read: exactly, or not at all.

What could mean two things is refused with the way to say either, because a guess that is wrong is found in the record
only later. A number that begins free words is a number of those words, not of an incident, a severity or a phase.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.errors import InvalidInput
from analysis.events import Tag
from analysis.incident import Severity, Visibility
from analysis.milestones import Milestone
from analysis.signals import Verdict
from analysis.slacktext import nearest
from analysis.wide import NARROW

_LABEL = re.compile(r"[Ee][0-9]{1,9}")
_POLICY = re.compile(r"[Pp]-([0-9]{1,9})")
_DAYS = re.compile(r"([0-9]{1,3})\s*d(?:ays?)?", re.IGNORECASE)
_MOST_DAYS = 90
_GROUP = re.compile(r"[Gg]-?([0-9]{1,9})")
_NAMED = re.compile(r"#([0-9]{1,9})(?:\s+|$)")
_DUPLICATE = re.compile(
    r"(?:(?P<of>of\s+#?|#)(?P<number>[0-9]{1,9})(?:\s+(?P<reason>.*))?|(?P<alone>[0-9]{1,9}))",
    re.DOTALL | re.IGNORECASE,
)
_MILESTONE = re.compile(
    r"(?P<name>\S+)(?:\s+(?P<when>.*?))??(?:\s+phase\s+(?P<phase>[0-9]{1,6}))?", re.DOTALL | re.IGNORECASE
)
_TAGGED = re.compile(r"(?P<what>\S+)(?:\s+as\s+(?P<tag>\w[\w -]*))?", re.IGNORECASE)
#: `SEV1 title`, `SEV1: title` or `SEV1 - title`.
_SEVERITY = re.compile(r"(?P<severity>sev[0-9]+)(?:\s*:\s*|\s+[-\u2013\u2014]\s+|\s+|$)", re.IGNORECASE)
#: Words that begin a title and were meant as a severity.
_ALMOST_SEVERITY = re.compile(
    r"\W*(?:sev(?:erity)?[\s\W_]*[0-9]+|(?:sev|severity)\s+(?:one|two|three|four|five)|p(?:rio(?:rity)?)?[\s_-]?[0-9])(?!\w)",
    re.IGNORECASE,
)
_SEVERITY_INSIDE = re.compile(r"(?<!\w)sev[ _-]?[0-9](?!\w)", re.IGNORECASE)
#: `private: title`, and a bare `private`, which may be the title's first word. Slack makes one dash of two.
_VISIBILITY = re.compile(
    r"(?P<dashes>-{1,2}|\u2013|\u2014)?(?P<word>private|public)(?:(?P<colon>\s*:\s*)|\s+|$)", re.IGNORECASE
)
#: `private` where it may be who sees it: as the first word or the last, in brackets, as a flag, or before a colon.
_ALMOST_PRIVATE = re.compile(
    r"(?:^|visibility)[\W_]*private(?![_-]?[^\W_])[\W_]*|(?<![\w./-])private[\W_]*$|[(\[{]\s*private\s*[)\]}]"
    r"|(?<![\w-])(?:-{1,2}|\u2013|\u2014)private(?!\w)|(?<![\w./-])private\s*:",
    re.IGNORECASE,
)
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareWords:
    """What was said of a new incident; a severity that nobody gave is none, and so is an empty title."""

    severity: Severity | None
    visibility: Visibility
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneWords:
    """Which milestone, when (a time expression, `now` or `none`), and of which phase, if that was said."""

    milestone: Milestone
    when: str
    phase: int | None

    @property
    def is_cleared(self) -> bool:
        """Whether the milestone is taken back."""
        return self.when.lower() == NONE


def named_incident(words: str) -> tuple[int | None, str]:
    """The incident that a leading `#12` names, and the words after it."""
    named = _NAMED.match(words)
    if not named:
        return None, words
    if not int(named[1]):
        message = "There is no incident #0 here. `list` shows the open ones."
        raise InvalidInput(message)
    return int(named[1]), words[named.end() :]


def severity_and_reason(words: str) -> tuple[Severity, str]:
    """`SEV2 reason`; a bare `2` only where nothing follows it, since `2 hours of outage` names no severity."""
    first, reason = first_word(words)
    if not first:
        message = "Say which: `severity SEV2`, from SEV1 (worst) to SEV5."
        raise InvalidInput(message)
    if first.isdecimal() and reason:
        message = f"“{first}” before other words may be a number of them. Write `severity SEV2 reason`."
        raise InvalidInput(message)
    return Severity.parse(first), reason


def declare_words(words: str) -> DeclareWords:
    """`SEV1 private: title`, each part but the title optional.

    A severity or a visibility that was meant and not seen opens the incident to the wrong people, or to one pair of
    eyes: what may be one and is not written as one is asked about.
    """
    severity, rest = None, words.strip()
    if match := _SEVERITY.match(rest.translate(NARROW)):
        severity, rest = Severity.parse(match["severity"]), rest[match.end() :]
    visibility, title = _visibility(severity, rest)
    _check_title(severity, title)
    return DeclareWords(severity=severity, visibility=visibility, title=title)


def duplicate_and_reason(words: str) -> tuple[int, str]:
    """`of 12 reason`, `#12 reason` or `12`; a bare number before other words may be one of those words."""
    match = _DUPLICATE.fullmatch(words.strip())
    number = int(match["number"] or match["alone"]) if match else 0
    if match is None or not number:
        message = "Say of which incident: `duplicate of 12 [reason]`. Nothing was recorded."
        raise InvalidInput(message)
    return number, match["reason"] or ""


def milestone_words(words: str) -> MilestoneWords:
    """`detection 09:12 [phase 1]`, with `now` or `none` in the place of the time."""
    match = _MILESTONE.fullmatch(words.strip())
    if match is None:
        message = f"Say which and when: `milestone detection 09:12`. There are: {', '.join(Milestone)}."
        raise InvalidInput(message)
    milestone = Milestone.parse(match["name"])
    when = (match["when"] or "").strip()
    if not when:
        message = (
            f"Say when: `milestone {milestone} 09:12`, `milestone {milestone} now`, or `milestone {milestone} none` to "
            "take it back."
        )
        raise InvalidInput(message)
    phase = int(match["phase"]) if match["phase"] else None
    if when.lower() == "now" and phase is not None:
        message = f"Say when in phase {phase} it was: `milestone {milestone} 09:12 phase {phase}`."
        raise InvalidInput(message)
    return MilestoneWords(milestone=milestone, when=when, phase=phase)


def label_and_words(words: str, usage: str) -> tuple[str, str]:
    """The label of an entry such as `E7`, and the words after it."""
    first, rest = first_word(words)
    if not _LABEL.fullmatch(first):
        message = f"Say which entry by its label: `{usage}`. `timeline` shows the labels."
        raise InvalidInput(message)
    return first.upper(), rest


def timeline_words(words: str) -> str:
    """The label from which on the timeline is to be shown; empty for its newest lines."""
    if words.strip() and not _LABEL.fullmatch(words.strip()):
        message = "Use `timeline` for the newest lines, or `timeline E7` for those from E7 on."
        raise InvalidInput(message)
    return words.strip().upper()


def target_and_tag(words: str, usage: str) -> tuple[str, str | None]:
    """What is promoted and the tag, `none` for none; no tag where none was said."""
    match = _TAGGED.fullmatch(words.strip())
    if not match:
        message = f"Say which: `{usage}`, or paste the link of a message on the timeline."
        raise InvalidInput(message)
    tag = "_".join(match["tag"].lower().replace("-", " ").split()) if match["tag"] else None
    if tag is not None and tag != NONE and tag not in {member.value for member in Tag}:
        message = f"“{match['tag'][:40]}” is not a tag. Use one of: {', '.join(member.value for member in Tag)}."
        raise InvalidInput(message)
    return match["what"], tag


def named_group(words: str, verb: str) -> int:
    """The number of the group that `G-42` names; a bare number could be an incident's."""
    match = _GROUP.fullmatch(words.strip())
    if not match or not int(match[1]):
        message = f"Say which group of alerts: `{verb} G-42`. `alerts` lists those of now."
        raise InvalidInput(message)
    return int(match[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfSignal:
    """Which group, and what is said of it."""

    group: int
    verdict: Verdict


def signal_words(words: str) -> SaidOfSignal:
    """What `G-42 useful` or `G-42 not related` says."""
    named, said = first_word(words)
    group, verdict = named_group(named, "signals"), _VERDICTS.get(" ".join(said.lower().split()))
    if verdict is None:
        message = f"Say what G-{group} is: `signals G-{group} useful` or `signals G-{group} not related`."
        raise InvalidInput(message)
    return SaidOfSignal(group=group, verdict=verdict)


_VERDICTS = {"useful": Verdict.USEFUL, "not related": Verdict.NOT_RELATED}


def named_policy(words: str, verb: str) -> tuple[int, str]:
    """The number of the policy that `P-3` names, and what follows it."""
    name, rest = first_word(words)
    match = _POLICY.fullmatch(name)
    if not match or not int(match[1]):
        message = f"Say which one: `noise {verb} P-3`. `noise` lists them."
        raise InvalidInput(message)
    return int(match[1]), rest


def days(words: str) -> int:
    """How many days `7d` means; a week where nothing is said."""
    match = _DAYS.fullmatch(words.strip() or "7d")
    if not match or not 1 <= int(match[1]) <= _MOST_DAYS:
        message = (
            f"Use `noise`, `noise 7d` (at most {_MOST_DAYS}d), `noise stop`, `noise resume`, `noise approve P-3` or "
            "`noise decline P-3 reason`. Nothing was recorded."
        )
        raise InvalidInput(message)
    return int(match[1])


def unknown_verb(word: str, usages: Mapping[str, str]) -> str:
    """What to answer where *word* is no verb, with the nearest that is."""
    guess = nearest(word.lower(), list(usages))
    if guess:
        return f"I do not know “{word[:40]}”. Did you mean `{usages[guess]}`? Nothing was recorded."
    return f"I do not know “{word[:40]}”. `help` lists what I can do. Nothing was recorded."


def nothing(words: str, verb: str) -> None:
    """Pass if nothing follows a verb that takes no words: what was meant by them would be lost."""
    if words.strip():
        message = f"`{verb}` takes no words. Nothing was recorded; write down why with `note`."
        raise InvalidInput(message)


def verb_and_words(words: str) -> tuple[str, str]:
    """The verb, also with a colon behind it, and what follows."""
    verb, rest = first_word(words)
    named, colon, _ = verb.partition(":")
    return (named, words.strip()[len(named) + 1 :].strip()) if colon and named.isalpha() else (verb, rest)


def first_word(words: str) -> tuple[str, str]:
    """The first word and what follows it, parted by any white space."""
    parts = words.strip().split(maxsplit=1)
    return (parts[0] if parts else ""), (parts[1] if len(parts) > 1 else "")


def _visibility(severity: Severity | None, words: str) -> tuple[Visibility, str]:
    """Who may see it, and the title; `private` without its colon may belong to the title, or be meant for it."""
    narrow = words.translate(NARROW)
    if match := _VISIBILITY.match(narrow):
        visibility, title = Visibility(match["word"].lower()), words[match.end() :].strip()
        if match["dashes"] or match["colon"] or (visibility is Visibility.PRIVATE and not title):
            return visibility, title
    almost = _ALMOST_PRIVATE.search(narrow)
    if almost is None:
        return Visibility.PUBLIC, words
    begin, others = f"declare {severity or 'SEV3'}", f"{words[: almost.start()]} {words[almost.end() :]}"
    message = (
        "“private” may be who sees it, or part of the title; nothing was opened. For a private incident write "
        f"`{begin} private: {' '.join(others.split())}`, for a public one `{begin} public: {words}`."
    )
    raise InvalidInput(message)


def _check_title(severity: Severity | None, title: str) -> None:
    """Refuse a title that has in it what was probably meant as the severity."""
    narrow = title.translate(NARROW)
    if _ALMOST_SEVERITY.match(narrow):
        message = (
            "Write the severity as one word, SEV1 (worst) to SEV5, before the title, such as "
            "`declare SEV2 card payments fail`. Nothing was opened."
        )
        raise InvalidInput(message)
    if severity is None and _SEVERITY_INSIDE.search(narrow):
        message = (
            "The title names a severity. Write the one that this incident has before the title, such as "
            "`declare SEV2 card payments fail`. Nothing was opened."
        )
        raise InvalidInput(message)
