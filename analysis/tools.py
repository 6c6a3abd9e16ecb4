"""Tools that post in Slack, such as a pager: actors that are nobody, known by the name under which they post."""

from analysis.masking import masked
from analysis.slacktext import clean, truncate

_PREFIX = "tool:"
_NAME_LETTERS = 80


def tool_actor(tool_id: str, name: str) -> str:
    """The ledger's actor for the tool that Slack calls *tool_id*; its name is a text that somebody chose.

    >>> tool_actor("B9", "PagerDuty"), tool_name(tool_actor("B9", "PagerDuty"))
    ('tool:B9:PagerDuty', 'PagerDuty')
    """
    shown = truncate(masked(" ".join(clean(name).split())), _NAME_LETTERS)
    return f"{_PREFIX}{tool_id}:{shown}"


def tool_name(actor: str) -> str | None:
    """The name of the tool that *actor* is, its id where it posts under none, or `None` for anybody else."""
    if not actor.startswith(_PREFIX):
        return None
    tool_id, _, name = actor.removeprefix(_PREFIX).partition(":")
    return name or tool_id
