"""The verbs about an incident's document: they need the templates, which the other verbs do without."""

from typing import Annotated, Any

import typer

from analysis.document import claim_rows
from analysis.document_tree import from_tree, is_readable
from analysis.errors import Conflict, Forbidden, NotFound
from analysis.incident import Incident
from analysis.people import Action
from analysis.precision import Precision
from analysis.wording import instant
from analysis.writing.marking import WRITING
from bot.cli.incidents.incident_verbs import IncidentOption, JsonOption, command, submit, told_of
from bot.cli.office import Office, open_office
from bot.cli.tables import table
from bot.cli.terminal import say_json, warn
from bot.late import build_author, build_drafts, build_late, build_signing, build_styling, governed_by, patience_of
from bot.parts import SystemClock
from bot.ports.model import DROPPED
from bot.ports.records import Reply, Revision
from bot.usecases.asking import IncidentCommand, find, whole_minute
from bot.usecases.inventory.model_standing import problem
from bot.usecases.postmortem.approving import current_revision, shown_hash, standing_approval
from bot.usecases.postmortem.drafting import MakeDraft
from bot.usecases.postmortem.signing import Signing
from bot.usecases.postmortem.store_draft import store_draft
from bot.usecases.privacy.erased_copies import gone_from_draft
from bot.usecases.verbs import VERBS, Late, Request

_OTHER_BYTES = (
    "The templates, audience or targets are others than when it was made, such as by an upgrade: what is printed need "
    "not be, letter by letter, what its hash stands for. The file that was offered or published then is."
)


def document(
    incident: IncidentOption,
    *,
    is_of_model: Annotated[
        bool, typer.Option("--verdicts", help="What the model said instead, and which of it stands.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the incident's current draft as Markdown, with its hash on stderr: what `approve` signs.

    Example: `debrief document --incident 12 > draft.md`. What a language model said of it is signed as well, with the
    codes of what was found against each sentence (docs/reference/verification.md): `--verdicts` lists that.
    """
    with told_of(incident), open_office() as office:
        asker = office.asker(number=incident)
        with office.store.snapshots.snapshot() as reads:
            found = find(reads, IncidentCommand(**asker.on_incident()), Action.VIEW)
            revision = current_revision(reads, found)
            if revision is None:
                message = f"{found.reference} has no draft. Make one with `/incident draft`."
                raise NotFound(message)
            if revision.is_erased:
                raise Conflict(gone_from_draft(found, revision.number))
            state = "approved" if standing_approval(reads, revision) else "not approved"
        said = _verdicts(revision, found) if is_of_model else []
        signing = build_signing(office.settings)
        markdown = signing.content(revision.document).decode()
    if as_json:
        say_json(_value(revision, found, state, markdown))
    elif is_of_model:
        table(("question", "verdict", "entries", "what it said"), said)
        if dropped := revision.document[WRITING].get(DROPPED):
            warn(dropped)
    else:
        print(markdown, end="")
    warn(f"Draft {revision.number} of {found.reference}, hash {shown_hash(revision)}, {state}.")
    if not signing.still_holds(revision):
        warn(_OTHER_BYTES)


def _verdicts(revision: Revision, incident: Incident) -> list[tuple[str, str, str, str]]:
    """What the model said, in order, and what was found against it.

    Raises
    ------
    NotFound
        If it had said nothing that could be read.
    """
    block = revision.document.get(WRITING) or {}
    if not block.get("verdicts"):
        because = f" ({block['because']})" if block.get("because") else ""
        message = f"Draft {revision.number} of {incident.reference} has no sentence of a model{because}."
        raise NotFound(message)
    return [
        (str(one["attempt"]), ", ".join(one["failures"]) or "stands", ", ".join(one["events"]), one["said"])
        for one in block["verdicts"]
    ]


def _value(revision: Revision, incident: Incident, state: str, markdown: str) -> dict[str, Any]:
    return {
        "incident": incident.number,
        "draft": revision.number,
        "hash": revision.hash.hex(),
        "state": state,
        "ledger_seq": revision.ledger_seq,
        "ledger_hash": revision.ledger_hash.hex(),
        "markdown": markdown,
        "claims": claim_rows(from_tree(revision.document)) if is_readable(revision.document) else None,
        "writing": revision.document.get(WRITING),
    }


def finish(office: Office, parsed: Late, is_sure: bool) -> Reply:  # noqa: FBT001 - as `Finish` has it
    """Do what `draft`, `approve`, `publish` or `close` asks.

    Raises
    ------
    Forbidden
        If somebody without an identity would approve.
    """
    person = parsed.asker.person
    if parsed.name == "approve" and person.slack_id is None:
        message = (
            f"{person.name} is nobody in Slack as far as Debrief knows, and an approval needs an identity. "
            "Map the login in DEBRIEF_COMMAND_LINE_USERS, or approve in Slack."
        )
        raise Forbidden(message)
    signing = build_signing(office.settings)
    asked_for = build_late(office.settings, signing)[parsed.name]
    request = asked_for(parsed.asker, parsed.words)
    if isinstance(request.command, MakeDraft):
        return _draft(office, signing, request.command)
    # A yes is to the document that the question named, and to what was on record then.
    return submit(office, request, is_sure=is_sure, agree=lambda question: asked_for(parsed.asker, question.about))


def _draft(office: Office, signing: Signing, command: MakeDraft) -> Reply:
    """Make the draft here and now, whether or not a server runs."""
    patience = patience_of(office.settings)
    drafts = build_drafts(
        signing,
        office.store.snapshots,
        office.directory.name,
        author=build_author(office.settings, office.store, SystemClock(), actor=command.person),
        patience=patience,
        governed=governed_by(office.settings),
        styling=build_styling(office.settings, office.store),
    )
    with office.store.snapshots.snapshot() as reads:
        because = problem(reads, office.workspace_id, governed_by(office.settings))
    if patience and because:
        warn(because)
    elif patience:
        latest = instant(whole_minute(SystemClock().now() + patience), Precision.MINUTE)
        warn(f"Asking {office.settings.llm_model}… the template draft comes at the latest at {latest}.")
    return drafts.make_now(command, lambda store: office.submit(Request(use_case=store_draft, command=store)))


COMMANDS = {
    "document": document,
    **{name: command(VERBS[name], finish) for name in ("draft", "approve", "publish", "close")},
}
