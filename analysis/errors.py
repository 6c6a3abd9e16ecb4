"""What can go wrong, as one tree.

    DebriefError
    ├── Refused                 the answer is "no": nothing was written, the sentence says what to do
    │   ├── InvalidInput        the words could not be understood
    │   ├── NotFound            there is no such incident, event or draft for this person
    │   ├── Forbidden           this person may not do this
    │   ├── IllegalTransition   the incident's state does not allow it
    │   ├── Conflict            it changed in the meantime, or the same key came with another body
    │   └── NeedsConfirmation   allowed, but asks once first
    └── Unavailable             a part we depend on did not answer; trying again later may work

The docstring of each class is its default message.
"""

from uuid import UUID


class DebriefError(Exception):
    """Something went wrong in Debrief."""

    def __init__(self, message: str | None = None) -> None:
        """Keep *message*, or the class docstring's first line where none is given."""
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])

    @property
    def message(self) -> str:
        """The sentence for the person, ready to show."""
        return str(self.args[0])


class Refused(DebriefError):
    """This was refused; nothing was recorded."""


class InvalidInput(Refused):
    """This could not be understood; nothing was recorded."""


class NotFound(Refused):
    """There is no such incident here."""


class Forbidden(Refused):
    """You may not do this."""


class IllegalTransition(Refused):
    """The incident's state does not allow this."""


class Conflict(Refused):
    """It changed in the meantime; nothing was recorded."""


class NeedsConfirmation(Refused):
    """This asks for a confirmation first."""

    def __init__(
        self,
        message: str | None = None,
        *,
        verb: str = "",
        number: int | None = None,
        incident_id: UUID | None = None,
        about: str = "",
    ) -> None:
        """Ask with *message*; *verb* is what a yes does, on an incident, to what *about* names."""
        super().__init__(message)
        self.verb = verb
        self.number = number
        self.incident_id = incident_id
        self.about = about


class Unavailable(DebriefError):
    """A part Debrief depends on did not answer; try again in a moment."""
