"""Whether the model's endpoint can be reached, what it can do, who answers for it, and whether it behaves as accepted.

For `debrief doctor`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from analysis.canaries.comparing import ANEW
from analysis.errors import DebriefError, Unavailable
from analysis.inventory.things import SENDING, owner_of, without_owner
from analysis.outgoing.vault import Vault
from analysis.wording import instant, joined
from bot.cli.checking.check import Check, fails, look, ok
from bot.cli.office import open_reading_office
from bot.flows.patience import within
from bot.late import endpoint_settings, governed_by, limits_of, probe_seconds
from bot.ports.inventory import CanaryOutcome, CanaryRun, ModelStanding, StandingAct
from bot.ports.model import MILLIONTHS, Gate, Usage
from bot.settings import AnswerForm, Settings
from bot.store.model.model_calls import Limit, spent_on

if TYPE_CHECKING:
    from bot.llm.capabilities import Finding

_NAME, _OWNERS, _CANARY, _BUDGET = "model", "model owners", "canary set", "model budget"
#: A budget of which so much is spent is told of.
NEARLY = 0.8


def check_endpoint(settings: Settings, *, patience_seconds: float | None = None) -> Iterator[Check]:
    """Probe the endpoint with fixed words, where one is set: nothing of any incident is sent."""
    if not settings.llm_base_url:
        yield ok(_NAME, "none: drafts are written by templates alone")
        return
    if not settings.llm_model:
        yield fails(_NAME, "no model is named", "Set DEBRIEF_LLM_MODEL to the approved model's exact name.")
        return
    try:
        yield within(patience_seconds or probe_seconds(settings), lambda: _probed(settings))
    except Unavailable as error:
        yield _silent(settings, error.message)
    yield _owned(settings)
    yield from _watched(settings)


def _probed(settings: Settings) -> Check:
    # The client's library takes longer to import than most commands to run.
    from bot.llm.capabilities import Ability, probe  # noqa: PLC0415

    gate, form = _gate(), settings.llm_answer_form
    found = probe(endpoint_settings(settings), gate=gate, patience_seconds=settings.llm_patience_seconds)
    chats, asked_for = found.finding(Ability.CHAT), found.finding(Ability(form.value))
    if not chats.is_there:
        refused = _refused(settings, gate, chats.because) if chats.is_certain else None
        return refused or _silent(settings, chats.because, words=chats.words)
    does = f"{_where(settings)} does {', '.join(each.ability for each in found.findings if each.is_there)}"
    if asked_for.is_there or asked_for.dropped:
        because = f"It does {form}, and refuses questions as drafts ask them"
        return _refused(settings, gate, because) or _answers(does, asked_for, form)
    if not asked_for.is_certain:
        return look(
            _NAME, f"{does}; {form} is not known: {asked_for.because.rstrip('.')}", "Run `debrief doctor` again."
        )
    says = f" (of {form} it says: {asked_for.words.rstrip('.')})" if asked_for.words else ""
    return _unfit(does, form, found.form, says)


def _answers(does: str, asked_for: "Finding", form: AnswerForm) -> Check:
    """That it can be asked, and what is dropped of its answers."""
    dropped = f". {asked_for.dropped.rstrip('.')}" if asked_for.dropped else ""
    if asked_for.is_there:
        return ok(_NAME, f"{does}{dropped}")
    todo = "Drafts use the one JSON object of an answer; have the endpoint, or its gateway, hold the model to the form."
    return look(_NAME, f"{does}; what it answers to {form} stands among words{dropped}", todo)


def _gate() -> Gate:
    """What no request to the model passes with anything in it that must not leave, such as the address of a person."""
    from bot.llm.leak_gate import gate_for  # noqa: PLC0415 - as above

    return gate_for(Vault(salt=bytes(16)))


def _refused(settings: Settings, gate: Gate, because: str) -> Check | None:
    """That it does not take questions as drafts ask them, and what is to be set; nothing where it takes them."""
    from bot.llm.capabilities import other_way, refusal  # noqa: PLC0415 - as above

    way, form = endpoint_settings(settings), settings.llm_answer_form
    words = refusal(way, form, gate=gate)
    if words is None:
        return None
    other = other_way(way, form, gate=gate)
    if other is None:
        return _silent(settings, because, words=words, is_refused=True)
    changes = {"FORM": (form, other[0]), "LIMITS": (settings.llm_answer_limits, other[1])}
    differ = {f"DEBRIEF_LLM_ANSWER_{name}": one for name, one in changes.items() if one[0] is not one[1]}
    sends = joined([f"{name}={before}" for name, (before, _) in differ.items()])
    todo = joined([f"{name}={after}" for name, (_, after) in differ.items()])
    said = f"{_where(settings)} refuses the arguments that {sends} sends ({words.rstrip('.')})"
    return fails(_NAME, said, f"Set {todo}, with which it answers.")


def _unfit(does: str, form: AnswerForm, best: AnswerForm | None, says: str) -> Check:
    """That it does not do the form that is asked for, with what it *says* against it, but perhaps another one."""
    if best is None:
        todo = "It must do json_schema or JSON mode; drafts are made without a model meanwhile."
        return fails(_NAME, f"{does} only{says}", todo)
    todo = f"Set DEBRIEF_LLM_ANSWER_FORM={best}; drafts are made without a model meanwhile."
    return fails(_NAME, f"{does}, and not {form}, which DEBRIEF_LLM_ANSWER_FORM asks for{says}", todo)


def _silent(settings: Settings, because: str, *, words: str = "", is_refused: bool = False) -> Check:
    says = f", and says: {words.rstrip('.')}" if words and words != because else ""
    # What to do is said behind it, once.
    because = because.partition("; ")[0] if is_refused else because
    said = because.rstrip(".") + says
    where = "Look at DEBRIEF_LLM_MODEL and at DEBRIEF_LLM_BASE_URL, which ends before /chat/completions. "
    todo = "Drafts are made without a model meanwhile."
    return fails(_NAME, f"{_where(settings)}: {said}", f"{where}{todo}" if is_refused else todo)


def _where(settings: Settings) -> str:
    return f"{settings.llm_model} at {settings.llm_base_url}"


def _owned(settings: Settings) -> Check:
    missing = without_owner(settings.inventory_owners)
    if missing:
        todo = 'Drafts do not ask it until you name them: DEBRIEF_INVENTORY_OWNERS={"all": "model-risk@example.com"}.'
        return fails(_OWNERS, f"nobody answers for {joined([thing.value for thing in missing])}", todo)
    owners = dict.fromkeys(owner_of(thing, settings.inventory_owners) for thing in SENDING)
    return ok(_OWNERS, ", ".join(owners))


def _watched(settings: Settings) -> Iterator[Check]:
    """How the model stands by the canary set, as far as the database can be asked."""
    subject = governed_by(settings).subject
    try:
        with open_reading_office() as office, office.store.snapshots.snapshot() as reads:
            standing = reads.inventory.standing(office.workspace_id, subject)
            runs = reads.inventory.runs(office.workspace_id, subject, limit=1, until=reads.now)
            known = reads.inventory.runs(office.workspace_id, subject, limit=1, until=reads.now, is_answered=True)
            spent = spent_on(office.store.database, reads.now)
    except DebriefError as error:
        todo = "Start the server once, then run `debrief canary --accept`."
        yield look(_CANARY, f"not known: {error.message.rstrip('.')}", todo)
        return
    yield _standing(standing, next(iter(runs), None), next(iter(known), None), settings)
    yield _budget(spent, settings)


def _budget(spent: Usage, settings: Settings) -> Check:
    """What is spent of the day's budgets, before one is used up."""
    spendings = [(one, one.of(spent), one.most) for one in limits_of(settings).per_day if one.most is not None]
    said = joined([_share(limit, used, most) for limit, used, most in spendings])
    low = [limit.setting for limit, used, most in spendings if used >= NEARLY * most]
    if low:
        todo = f"Raise {joined(low)}, or drafts are made without a model once it is used up, until midnight UTC."
        return look(_BUDGET, f"today {said}", todo)
    return ok(_BUDGET, f"today {said}")


def _share(limit: Limit, used: float, most: float) -> str:
    """As people write it."""
    if limit.what == "money":
        return f"{used / MILLIONTHS:,.2f} of {most / MILLIONTHS:,.2f} of money"
    return f"{used:,.0f} of {most:,.0f} {limit.what}"


def _standing(
    standing: ModelStanding | None, last: CanaryRun | None, answered: CanaryRun | None, settings: Settings
) -> Check:
    """How it stands, by the *last* run and the last that was *answered*."""
    if standing is None:
        todo = "Run `debrief canary --accept`: until then nobody notices when it changes under the same name."
        return look(_CANARY, "nobody has accepted what the model does", todo)
    if standing.act is StandingAct.SWITCHED_OFF:
        todo = "Find out what was changed there, then `debrief canary --accept`."
        return fails(_CANARY, f"drafts do not ask it since {instant(standing.at)}: {standing.reason}", todo)
    said = f"accepted {instant(standing.at)} by {standing.person}"
    if last and last.outcome is CanaryOutcome.UNANSWERED:
        since = instant(answered.began_at) if answered else "never"
        because = str(last.content.get("because", "")).rstrip(".")
        by_hand = "Run `debrief canary` once that is mended, or set DEBRIEF_CANARY_HOURS: it is not asked by itself."
        todo = "The server asks again within the hour." if settings.canary_hours else by_hand
        return look(_CANARY, f"{said}, last answered {since}: {because}", todo)
    if not settings.canary_hours:
        return look(_CANARY, f"{said}, not asked by itself", "Set DEBRIEF_CANARY_HOURS.")
    return _compared(said, standing, answered) if answered else ok(_CANARY, said)


def _compared(said: str, standing: ModelStanding, last: CanaryRun) -> Check:
    said = f"{said}, last asked {instant(last.began_at)}"
    remarks = () if last.id == standing.run_id else last.content.get("remarks", ())
    lacks = next((one for one in remarks if one.endswith(ANEW)), "")
    if lacks:
        return look(_CANARY, f"{said}: {lacks}", "Run `debrief canary --accept`.")
    return ok(_CANARY, said)
