"""The incident as it stands: its vocabulary and its record."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from analysis.errors import InvalidInput


class Severity(StrEnum):
    """How bad it is: a lower number is worse; when unsure, treat it as the worse one."""

    SEV1 = "SEV1"  #: critical: customers cannot use the service, or money is at risk
    SEV2 = "SEV2"  #: major: a large part of the customers is affected
    SEV3 = "SEV3"  #: moderate: partial loss, a workaround exists; the default
    SEV4 = "SEV4"  #: minor: little customer impact
    SEV5 = "SEV5"  #: cosmetic, or a drill

    @property
    def rank(self) -> int:
        """1 for the worst to 5 for the mildest."""
        return int(self.value[-1])

    @classmethod
    def parse(cls, word: str) -> "Severity":
        """Read `SEV2`, `sev2` or `2`, and refuse everything else rather than guess."""
        name = word.strip().upper()
        name = f"SEV{name}" if name in {"1", "2", "3", "4", "5"} else name
        if name not in cls.__members__:
            message = f"“{word}” is not a severity. Use SEV1 (worst) to SEV5."
            raise InvalidInput(message)
        return cls[name]


#: The workspace's own log takes what names no incident; it is never listed as one, and never drafted.
WORKSPACE_LOG_NUMBER = 0
FOUR_EYES_SEVERITIES = frozenset({Severity.SEV1, Severity.SEV2})
DEFAULT_SEVERITY = Severity.SEV3


class Status(StrEnum):
    """Where an incident is in its life; `analysis.lifecycle` has the moves."""

    DECLARED = "declared"  #: opened, nobody has begun yet
    INVESTIGATING = "investigating"  #: people are looking for what is wrong
    MITIGATING = "mitigating"  #: people are reducing the impact
    MONITORING = "monitoring"  #: the impact is believed to be over; watching
    RESOLVED = "resolved"  #: over; the draft can be made
    IN_REVIEW = "in_review"  #: a draft exists and waits for approval
    CLOSED = "closed"  #: finished
    DECLINED = "declined"  #: was not an incident
    DUPLICATE = "duplicate"  #: is part of another incident
    CANCELLED = "cancelled"  #: given up, with a reason

    @property
    def is_active(self) -> bool:
        """Whether people are still fighting it."""
        return self in ACTIVE_STATUSES


ACTIVE_STATUSES = frozenset({Status.DECLARED, Status.INVESTIGATING, Status.MITIGATING, Status.MONITORING})
#: States that nothing leads out of: what goes on goes on in another incident.
ENDED_STATUSES = frozenset({Status.DECLINED, Status.DUPLICATE, Status.CANCELLED})


class Role(StrEnum):
    """Who does what in an incident (PagerDuty's incident response guide names them so)."""

    INCIDENT_COMMANDER = "incident_commander"  #: the single decision maker
    DEPUTY = "deputy"  #: supports the commander and takes over from them
    SCRIBE = "scribe"  #: keeps the timeline
    COMMUNICATIONS_LEAD = "communications_lead"  #: talks to stakeholders and customers
    RESPONDER = "responder"  #: works the incident

    @classmethod
    def parse(cls, word: str) -> "Role":
        """Read a role by its name or its usual short form, and refuse everything else."""
        name = "_".join(word.lower().replace("-", " ").split())
        name = ROLE_SHORT_FORMS.get(name, name)
        if name not in {role.value for role in cls}:
            choices = ", ".join(sorted({*ROLE_SHORT_FORMS, "deputy", "scribe", "responder"}))
            message = f"“{word}” is not a role. Use one of: {choices}."
            raise InvalidInput(message)
        return cls(name)

    @property
    def title(self) -> str:  # type: ignore[override]
        """The role in words, such as `incident commander`."""
        return self.value.replace("_", " ")


ROLE_SHORT_FORMS: Mapping[str, str] = MappingProxyType(
    {
        "commander": Role.INCIDENT_COMMANDER.value,
        "ic": Role.INCIDENT_COMMANDER.value,
        "communications": Role.COMMUNICATIONS_LEAD.value,
        "comms": Role.COMMUNICATIONS_LEAD.value,
    }
)


class Visibility(StrEnum):
    """Who may know of an incident at all."""

    PUBLIC = "public"  #: everybody in the workspace who may use Debrief
    PRIVATE = "private"  #: only those with a role in it and the members of its channel


#: What stands in place of a title that was erased on request.
TITLE_ERASED = "title erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The state of one incident after all its recorded events.

    `is_channel_private` is what the record knows: a channel of which it knows nothing counts as public.
    `channels_left` counts the public channels that it left when it became private. `channel_phase` is the phase in
    which its present channel began, as a reopening goes on in a channel that is open.
    """

    id: UUID
    workspace_id: UUID
    number: int
    title: str
    severity: Severity
    status: Status
    visibility: Visibility
    declared_at: datetime
    declared_by: str
    phase: int = 1
    roles: Mapping[Role, str] = field(default_factory=lambda: MappingProxyType({}))
    impact: str = ""
    channel_id: str | None = None
    channel_name: str | None = None
    is_channel_closed: bool = False
    is_channel_private: bool = False
    channels_left: int = 0
    channel_phase: int = 1
    card_ts: str | None = None
    duplicate_of: int | None = None
    changed_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a naive time, because it would later be read in the wrong zone."""
        if self.declared_at.tzinfo is None:
            message = "declared_at needs a time zone"
            raise ValueError(message)

    @property
    def has_open_channel(self) -> bool:
        """Whether there is a channel that can be written to, as far as is known."""
        return self.channel_id is not None and not self.is_channel_closed

    def in_phase(self, phase: int) -> "Incident":
        """The incident in its next *phase*, which begins in a new channel where the one before it is closed."""
        return replace(self, phase=phase, channel_phase=phase if self.is_channel_closed else self.channel_phase)

    @property
    def may_speak_in_channel(self) -> bool:
        """Whether its content may be shown in its channel: that of a private incident must be known to be private."""
        return self.visibility is Visibility.PUBLIC or self.is_channel_private

    @property
    def reference(self) -> str:
        """How people name it, such as `#12`."""
        return f"#{self.number}"

    @property
    def shown_title(self) -> str:
        """The title, or that it was erased: no incident was ever declared without one."""
        return self.title or TITLE_ERASED

    @property
    def commander(self) -> str | None:
        """The incident commander, if one is assigned."""
        return self.roles.get(Role.INCIDENT_COMMANDER)
