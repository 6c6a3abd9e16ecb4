"""Whether the drafts' rows say what the chain says of them: hashes, record, content, and what was erased of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from analysis.approval import REVISION as REVISION_BLOCK
from analysis.events import EventKind
from analysis.verification import Fault, Finding, StoredChain
from bot.ports.records import draft_erasure_key
from bot.store.database.raw import as_found, number, octets, select_raw
from bot.store.record.sealing import Sealer, Unopenable
from bot.store.record.tables import REVISION

Rows = Sequence[Mapping[str, Any]]


def stored_drafts(connection: Connection, incident_id: object) -> Rows:
    """The rows of an incident's drafts as they lie there."""
    of_incident = as_found(REVISION.c.incident_id) == incident_id
    rows = connection.execute(select_raw(REVISION).where(of_incident).order_by(REVISION.c.number))
    return [dict(row) for row in rows.mappings()]


def altered_drafts(chain: StoredChain, drafts: Rows, sealer: Sealer | None) -> Iterator[Finding]:
    """Drafts that lost content without a record of it, kept it in spite of one, or are not what was recorded of them.

    The recorded hashes are known only where the chain's contents could be opened, and content only with *sealer*.
    """
    erased, recorded = _erasures(chain), dict(_recorded_hashes(chain))
    hashes = {stored.link.seq: stored.stored_hash for stored in chain.links}
    for draft in drafts:
        found, is_erased = number(draft["number"]), bool(draft["is_erased"])
        if is_erased and found not in erased:
            yield _finding(chain, Fault.UNEXPLAINED_ERASURE, f"draft {found} lost content and no erasure was recorded")
        elif not is_erased and found in erased:
            yield _finding(chain, Fault.ALTERED, f"draft {found} has content that was erased from it")
        elif recorded.get(found, octets(draft["hash"])) != octets(draft["hash"]):
            yield _finding(chain, Fault.ALTERED, f"draft {found} has another hash than was recorded when it was made")
        elif hashes.get(number(draft["ledger_seq"])) != octets(draft["ledger_hash"]):
            yield _finding(chain, Fault.ALTERED, f"draft {found} names another record than it was made from")
        elif sealer is not None and not _has_its_content(draft, sealer):
            yield _finding(chain, Fault.ALTERED, f"draft {found} has another content than it was made with")


def _has_its_content(draft: Mapping[str, Any], sealer: Sealer) -> bool:
    """Whether the content can be opened, and says of itself which draft it is and what it was made from.

    Of what lost its content, or has a form that said nothing of that, only the first is known.
    """
    known = {
        "number": number(draft["number"]),
        "row": number(draft["ledger_seq"]),
        "head": octets(draft["ledger_hash"]).hex(),
    }
    try:
        document = json.loads(sealer.open_whole("revision", octets(draft["content"])))["document"]
        said = document.get(REVISION_BLOCK, known)
        return all(said.get(name, value) == value for name, value in known.items())
    except (Unopenable, AttributeError, KeyError, TypeError, ValueError):
        return False


def erased_drafts(chain: StoredChain, drafts: Rows) -> Iterator[str]:
    """A sentence for each draft of which content was erased as the chain says."""
    erased = _erasures(chain)
    for draft in drafts:
        if draft["is_erased"] and number(draft["number"]) in erased:
            yield (
                f"{chain.name}: content of draft {draft['number']} was erased on request. Its hash still proves what "
                "was signed, and no longer what is left of it."
            )


def _erasures(chain: StoredChain) -> frozenset[int]:
    keys = {stored.link.natural_key for stored in chain.links if stored.link.kind == EventKind.ERASED}
    numbers = (key.rpartition(":")[2] for key in keys)
    return frozenset(int(each) for each in numbers if each.isdecimal() and draft_erasure_key(int(each)) in keys)


def _recorded_hashes(chain: StoredChain) -> Iterator[tuple[int, bytes]]:
    for stored in chain.links:
        opened = stored.contents.get("payload")
        if stored.link.kind == EventKind.DRAFTED and opened:
            try:
                payload = json.loads(opened[1])
                yield int(payload["revision"]), bytes.fromhex(payload["hash"])
            except (KeyError, TypeError, ValueError):
                continue


def _finding(chain: StoredChain, fault: Fault, what: str) -> Finding:
    return Finding(incident=chain.name, seq=len(chain.links), fault=fault, sentence=f"{chain.name}: {what}")
