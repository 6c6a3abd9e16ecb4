"""`debrief verify`: prove that the record was not tampered with, or name the first place where it was."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.audit_export import read_lines
from analysis.chain import CONTENT_FIELDS
from analysis.errors import InvalidInput, Unavailable
from analysis.verification import verify_chain
from analysis.wording import counted
from bot.cli.terminal import say, say_json
from bot.settings import Settings, load_settings
from bot.store.database.engine import open_database, parse_url
from bot.store.database.files import is_there
from bot.store.database.keys import find_sealer
from bot.store.proof.anchors import AnchorFile, read_anchors
from bot.store.proof.verification import Report, caveats, verify_database
from bot.store.schema import require_current

DatabaseOption = Annotated[str | None, typer.Option("--database", help="Its URL, instead of DEBRIEF_DATABASE_URL.")]
KeyOption = Annotated[
    Path | None, typer.Option("--key-file", help="The key of the contents, instead of DEBRIEF_KEY_FILE.")
]


def verify(
    database: DatabaseOption = None,
    anchors: Annotated[
        Path | None, typer.Option(help="Heads written down outside the database, instead of DEBRIEF_ANCHORS_FILE.")
    ] = None,
    key_file: KeyOption = None,
    export: Annotated[
        Path | None, typer.Option(help="Verify the file that `debrief export` wrote, instead of a database.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check every incident's chain, and against the anchors; exit status 1 names the first bad row of each.

    Example: `debrief verify --database sqlite:///debrief.db --anchors anchors.jsonl`. Nothing is changed. Without
    anchors it says what it cannot exclude; without the key the chain is verified and the contents stay closed.
    """
    settings = load_settings()
    configured = settings.anchors_file
    is_missing = (
        anchors is None
        and configured is not None
        and not is_there(configured, what="The anchors file", setting="DEBRIEF_ANCHORS_FILE")
    )
    heads = None if is_missing else _anchors(settings, anchors)
    if export:
        report = _report_on_export(export, heads)
    else:
        report = _report(database or settings.database_url, _key_file(settings, database, key_file), heads)
    if is_missing and report.entries and not report.findings:
        message = (
            f"There is no anchor file {configured}, which DEBRIEF_ANCHORS_FILE names, so a cut tail or a rewritten "
            "chain cannot be excluded. Bring it back; where none was ever written, `debrief anchor` writes it now."
        )
        raise Unavailable(message)
    _tell(report, as_json=as_json)
    if report.findings:
        raise typer.Exit(1)


def _report(address: str, key_file: Path, anchors: AnchorFile | None) -> Report:
    database = open_database(address, only_to_read=True)
    try:
        require_current(database)
        return verify_database(database, sealer=find_sealer(database, key_file=key_file), anchors=anchors)
    finally:
        database.close()


def _report_on_export(path: Path, anchors: AnchorFile | None) -> Report:
    try:
        chain = read_lines(path.read_bytes())
    except OSError as error:
        message = f"The export {path} cannot be read: {error.strerror}."
        raise InvalidInput(message) from error
    of_incident = [one for one in anchors.anchors if one.incident_id == chain.incident_id] if anchors else []
    found = verify_chain(chain, of_incident)
    is_open = all(len(stored.contents) == len(CONTENT_FIELDS) for stored in chain.links)
    names = {chain.incident_id: f"{chain.name} (incident {chain.incident_id})"}
    return Report(
        incidents=1,
        entries=len(chain.links),
        findings=(found,) if found else (),
        caveats=tuple(caveats(anchors, names, is_open=is_open, of_export=True)),
    )


def _key_file(settings: Settings, address: str | None, key_file: Path | None) -> Path:
    """The key that was named, else the one beside a database that was named, else the configured one."""
    if key_file:
        return key_file
    if address:
        url = parse_url(address)
        beside = Path(str(url.database)).with_suffix(".key")
        if url.get_backend_name() == "sqlite" and beside.is_file():
            return beside
    return settings.key_file


def _anchors(settings: Settings, anchors: Path | None) -> AnchorFile | None:
    if anchors:
        return read_anchors(anchors)
    return read_anchors(settings.anchors_file) if settings.anchors_file else None


def _tell(report: Report, *, as_json: bool) -> None:
    if as_json:
        found = [
            {"incident": one.incident, "seq": one.seq, "fault": one.fault.value, "sentence": one.sentence}
            for one in report.findings
        ]
        value = {"ok": not found, "incidents": report.incidents, "entries": report.entries, "findings": found}
        say_json({**value, "notes": list(report.notes), "caveats": list(report.caveats)})
        return
    for finding in report.findings:
        say(f"Tampered: {finding.sentence}.")
    verdict = "whole" if not report.findings else f"{len(report.findings)} tampered"
    say(f"{counted(report.incidents, 'chain')}, {counted(report.entries, 'entry', 'entries')}: {verdict}.")
    for note in (*report.notes, *report.caveats):
        say(note)


COMMANDS = {"verify": verify}
