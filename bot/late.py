"""The verbs that need more than the record; both `/incident` and `debrief` take them from here."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache, partial
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from analysis.alerts.attaching import ATTACHING
from analysis.alerts.holding_policy import HoldingPolicy, Mode
from analysis.alerts.prior import SHIPPED
from analysis.errors import InvalidInput
from analysis.incident import FOUR_EYES_SEVERITIES
from analysis.inventory.things import DIGITS, Thing, digest
from analysis.lifecycle import Move
from analysis.outgoing.typed import People
from analysis.outgoing.vault import Vault
from analysis.people import Person
from analysis.styles import Style, style_named
from analysis.wording import joined
from analysis.writing.refusals import MEANINGS
from bot.flows.drafting import DraftMaking
from bot.flows.model.abilities import PATIENCE_SECONDS
from bot.flows.model.canaries import ANSWER_TOKENS, Canaries, FixedVault
from bot.flows.model.governance import Governance
from bot.flows.model.leaving import Place
from bot.flows.patience import Stopping, within
from bot.flows.redacting import VaultRedaction
from bot.flows.styling import ToldStyles
from bot.flows.writing import ModelWriting, Terms
from bot.inventory.sources import redactor_version, schema_version, verifier_version
from bot.ports.ledger import Snapshots
from bot.ports.model import MILLIONTHS, Gate, LanguageModel
from bot.ports.outside import Clock, Styling
from bot.render.prompts import PromptTemplates
from bot.render.styling import NONE_SET, Styles
from bot.render.templates import TemplateRenderer
from bot.settings import AnswerLimits, Settings
from bot.store.model.model_calls import Limit, Limits, SqlModelCalls
from bot.store.opening import Store
from bot.usecases.asking import DEBRIEF
from bot.usecases.incident.end import Closing, EndIncident
from bot.usecases.inventory.model_standing import Governed
from bot.usecases.postmortem.approving import Approve, Approving
from bot.usecases.postmortem.composing import Author, Composing, TemplatesAlone, nobody_writes
from bot.usecases.postmortem.drafting import Drafting, MakeDraft
from bot.usecases.postmortem.publishing import CHANNEL, DESPITE, Publish, Publishing
from bot.usecases.postmortem.signing import Signing
from bot.usecases.verbs import Asker, Request

Late = Mapping[str, Callable[[Asker, str], Request]]
#: Those that an address means where it names none.
_PORTS = {"http": 80, "https": 443}
#: A file that takes longer is on a file system that hangs; less than the least that a draft waits.
FILE_SECONDS = 2.5
T = TypeVar("T")
#: Chat, and the two forms of an answer.
_NEEDED_ABILITIES = 3
#: A row of the ledger as a button names it.
_ROW = re.compile(r"[0-9]{1,9}")


def build_signing(settings: Settings) -> Signing:
    """How documents are rendered and where they go, as configured."""
    git = ("git",) if settings.publish_git_dir else ()
    return Signing(
        renderer=TemplateRenderer(),
        targets=(*git, CHANNEL),
        audience=settings.audience,
        private_targets=(CHANNEL,),
    )


def build_drafts(
    signing: Signing,
    snapshots: Snapshots,
    names: Callable[[str], str],
    *,
    author: Author = nobody_writes,
    patience: timedelta | None = None,
    governed: Governed | None = None,
    styling: Styling | None = None,
) -> DraftMaking:
    """What composes drafts: templates, and *author* within *patience*; *names* gives the name of an actor."""
    composing = Composing(
        signing=signing,
        composer=TemplatesAlone(names=names),
        names=names,
        author=author,
        styling=styling or Styles(),
    )
    return DraftMaking(composing, snapshots=snapshots, patience=patience, governed=governed)


def build_styling(settings: Settings, store: Store) -> Styling:
    """What lays documents out, the company's own template among it."""
    return ToldStyles(styles=Styles(settings.document_template), writer=store.writer)


def patience_of(settings: Settings) -> timedelta | None:
    """How long a draft waits for the model; nothing where none is set up."""
    is_on = settings.llm_base_url and settings.llm_model
    return timedelta(seconds=settings.llm_patience_seconds) if is_on else None


def build_author(
    settings: Settings, store: Store, clock: Clock, *, actor: Person = DEBRIEF, stopping: Stopping | None = None
) -> Author:
    """Who writes what templates cannot: the configured model, or nobody; *actor* has it asked, until *stopping*."""
    if patience_of(settings) is None:
        return nobody_writes
    return ModelWriting(
        terms=_terms(settings),
        open_model=partial(open_model, settings),
        prompts=PromptTemplates(),
        redaction=VaultRedaction(
            store.vaults, lambda: People(names=_names(store)), _gate, known=settings.llm_known_words
        ),
        words=digest(sorted(settings.llm_known_words)) if settings.llm_known_words else "",
        calls=SqlModelCalls(store.database, store.sealer, store.writer, clock=clock, limits=limits_of(settings)),
        egress=store.egress,
        place=_place(settings),
        clock=clock,
        new_id=store.new_id,
        governance=build_governance(settings, store, actor=actor),
        stopping=stopping or Stopping(),
    )


def build_canaries(
    settings: Settings, store: Store, clock: Clock, *, actor: Person = DEBRIEF, stopping: Stopping | None = None
) -> Canaries:
    """What asks the canary set of the configured model, until *stopping*."""
    return Canaries(
        terms=replace(_terms(settings), answer_tokens=ANSWER_TOKENS),
        open_model=partial(open_model, settings),
        probe=partial(probe_model, settings),
        prompts=PromptTemplates(),
        redaction=VaultRedaction(FixedVault(), People, _gate),
        calls=SqlModelCalls(
            store.database, store.sealer, store.writer, clock=clock, limits=_limits_of_canaries(settings)
        ),
        egress=store.egress,
        place=_place(settings),
        snapshots=store.snapshots,
        writer=store.writer,
        clock=clock,
        new_id=store.new_id,
        governance=build_governance(settings, store, actor=actor),
        probe_seconds=probe_seconds(settings),
        # As much as before a draft's answer.
        thought_tokens=settings.llm_answer_tokens if settings.llm_answer_limits is AnswerLimits.REASONING else 0,
        is_repeated=settings.canary_hours > 0,
        stopping=stopping or Stopping(),
    )


def build_governance(settings: Settings, store: Store, *, actor: Person = DEBRIEF) -> Governance:
    """What sees to it that the model may be asked, and that versions in use are on record."""
    versions = {
        Thing.PROMPTS: PromptTemplates().version,
        Thing.SCHEMA: schema_version(),
        Thing.VERIFIER: verifier_version(),
        Thing.REDACTOR: redactor_version(),
    }
    others = {
        Thing.GROUPING: SHIPPED.digest(),
        Thing.ATTACHING: ATTACHING.digest(),
        Thing.HOLDING: HoldingPolicy(mode=Mode.LIVE).digest()[:DIGITS],
    }
    is_set = patience_of(settings) is not None
    return Governance(
        snapshots=store.snapshots,
        writer=store.writer,
        governed=governed_by(settings),
        versions={thing.value: version for thing, version in versions.items()},
        others={thing.value: version for thing, version in others.items()},
        endpoint=_held_to(settings) if is_set else {},
        actor=actor,
    )


def _held_to(settings: Settings) -> Mapping[str, str]:
    """The model and how it is asked; what is usual is not named, as before there was anything else."""
    held = {"model": settings.llm_model, "form": settings.llm_answer_form.value}
    if settings.llm_answer_limits is not AnswerLimits.USUAL:
        held["limits"] = settings.llm_answer_limits.value
    if query := urlsplit(settings.llm_base_url).query:
        held["query"] = query
    if settings.llm_extra_body:
        held["extra"] = json.dumps(dict(settings.llm_extra_body), sort_keys=True)
    return held


def governed_by(settings: Settings) -> Governed:
    """The model of the settings, by its name and its endpoint's address, and who answers for what."""
    subject = f"{settings.llm_model} at {_address(settings.llm_base_url)}"
    return Governed(subject=subject, may_see_private=settings.llm_private_incidents, owners=settings.inventory_owners)


def _address(url: str) -> str:
    """An endpoint's address, the same however its host and its port are written: a model that is off stays off."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{host.removesuffix('.')}{port}{parts.path.rstrip('/')}"


def probe_model(settings: Settings, gate: Gate) -> Mapping[str, bool | str]:
    """What the configured endpoint can do, asked through *gate*; what cannot even chat tells nothing of itself."""
    from bot.llm.capabilities import Ability, probe  # noqa: PLC0415 - as below

    found = probe(endpoint_settings(settings), gate=gate, patience_seconds=settings.llm_patience_seconds)
    is_silent = not found.has(Ability.CHAT)
    return {
        one.ability.value: one.because if is_silent or not one.is_certain else one.is_there for one in found.findings
    }


def probe_seconds(settings: Settings) -> float:
    """How long all that is asked of what the endpoint can do may take: each thing that drafts need, as a draft may."""
    return _NEEDED_ABILITIES * settings.llm_patience_seconds + PATIENCE_SECONDS


@contextmanager
def open_model(settings: Settings, gate: Gate) -> Iterator[LanguageModel]:
    """The configured endpoint, behind *gate*, until the block ends."""
    # The library takes a second to load, which most processes never need.
    from bot.llm.endpoint import Endpoint  # noqa: PLC0415

    reached = endpoint_settings(settings)
    endpoint = _read_in_time(
        {"DEBRIEF_LLM_CA_FILE": settings.llm_ca_file, "DEBRIEF_LLM_CLIENT_FILE": settings.llm_client_file},
        lambda: Endpoint(reached, gate=gate, form=settings.llm_answer_form),
    )
    try:
        yield endpoint
    finally:
        endpoint.close()


def endpoint_settings(settings: Settings) -> Any:  # noqa: ANN401 - of the room of the model, which loads slowly
    """Where the endpoint is, which model is asked there, and how."""
    from bot.llm.endpoint import EndpointSettings  # noqa: PLC0415

    return EndpointSettings(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=_read_in_time({"DEBRIEF_LLM_API_KEY_FILE": settings.llm_api_key_file}, lambda: settings.llm_key),
        headers=settings.llm_headers,
        ca_file=settings.llm_ca_file,
        client_file=settings.llm_client_file,
        networks=settings.llm_networks,
        limits=settings.llm_answer_limits,
        extra=settings.llm_extra_body,
    )


def _read_in_time(files: Mapping[str, Path | None], read: Callable[[], T]) -> T:
    """What *read* makes of the *files* of settings, unless their file system hangs, which holds no draft up."""
    named = {setting: path for setting, path in files.items() if path is not None}
    if not named:
        return read()
    told = joined([f"{setting} ({path})" for setting, path in named.items()])
    late = f"{told} could not be read within {FILE_SECONDS:g} s; look whether the file system hangs. Nothing was sent."
    return within(FILE_SECONDS, read, late=late)


def _terms(settings: Settings) -> Terms:
    return Terms(
        model=settings.llm_model,
        patience_seconds=settings.llm_patience_seconds,
        answer_tokens=settings.llm_answer_tokens,
        most_events=settings.llm_most_events,
        question_price=_millionths(settings.llm_question_price),
        answer_price=_millionths(settings.llm_answer_price),
    )


def _gate(vault: Vault) -> Gate:
    """What the incident's own vault lets leave; it is in the room of the model, which loads slowly."""
    from bot.llm.leak_gate import gate_for  # noqa: PLC0415

    return gate_for(vault, _own_sentences())


@cache
def _own_sentences() -> tuple[str, ...]:
    """What the questions say that is the same of every incident."""
    return (*PromptTemplates().own, *MEANINGS.values())


def limits_of(settings: Settings) -> Limits:
    """The budgets as configured."""
    return Limits(per_incident=_limits(settings, "incident"), per_day=_limits(settings, "day"))


def _limits_of_canaries(settings: Settings) -> Limits:
    """What the canary set may cost: its own budget of a day, and what is left of the day's for all."""
    money = settings.canary_money_per_day
    most = {"tokens": float(settings.canary_tokens_per_day), "money": None if money is None else _millionths(money)}
    own = tuple(
        Limit(setting=f"DEBRIEF_CANARY_{what.upper()}_PER_DAY", what=what, of=attrgetter(what), most=limit)
        for what, limit in most.items()
    )
    return Limits(per_day=_limits(settings, "day"), per_incident_and_day=own, whose="of the canary set")


def _limits(settings: Settings, whose: str) -> tuple[Limit, ...]:
    money = getattr(settings, f"llm_money_per_{whose}")
    most = {
        "tokens": float(getattr(settings, f"llm_tokens_per_{whose}")),
        "seconds": float(getattr(settings, f"llm_seconds_per_{whose}")),
        "money": None if money is None else float(_millionths(money)),
    }
    return tuple(
        Limit(setting=f"DEBRIEF_LLM_{what.upper()}_PER_{whose.upper()}", what=what, of=attrgetter(what), most=limit)
        for what, limit in most.items()
    )


def _millionths(money: Decimal) -> int:
    return int(money * MILLIONTHS)


def _place(settings: Settings) -> Place:
    parts = urlsplit(settings.llm_base_url)
    return Place(host=parts.hostname or "", path=f"{parts.path.rstrip('/')}/chat/completions")


def _names(store: Store) -> Mapping[str, str]:
    return {f"slack:{one.slack_id}": one.name for one in store.people.load_people() if one.name}


def build_late(settings: Settings, signing: Signing) -> Late:
    """The verbs whose use cases need more than the record: templates, the floor."""
    drafting = Drafting(signing=signing, patience=patience_of(settings), governed=governed_by(settings))
    floor = settings.four_eyes_severities | FOUR_EYES_SEVERITIES
    approving = Approving(signing=signing, floor=floor, logins=settings.logins)
    publishing = Publishing(signing=signing)
    closing = Closing(signing=signing)
    styles = Styles(settings.document_template)

    def draft(asker: Asker, words: str) -> Request:
        said = style_named(words)
        if said is Style.COMPANY and settings.document_template is None:
            raise InvalidInput(f"There is {NONE_SET}. Nothing was recorded.")
        style = said or settings.document_style
        command = MakeDraft(**asker.on_incident(), style=style, template=styles.version(style))
        return Request(use_case=drafting, command=command)

    def approve(asker: Asker, words: str) -> Request:
        command = Approve(**asker.on_incident(), hash_prefix=words)
        return Request(use_case=approving, command=command, prepare=approving.prepare)

    def publish(asker: Asker, words: str) -> Request:
        said, _, knows = words.strip().lower().partition(" ")
        despite, _, row = knows.partition(" ")
        command = Publish(
            **asker.on_incident(),
            is_confirmed=bool(said),
            hash_prefix="" if said == "confirm" else said,
            knows_news=not said,
            knows_up_to=int(row) if despite == DESPITE and _ROW.fullmatch(row) else None,
        )
        return Request(use_case=publishing, command=command)

    def close(asker: Asker, words: str) -> Request:
        return Request(use_case=closing, command=EndIncident(**asker.on_incident(), move=Move.CLOSE, reason=words))

    return {"draft": draft, "approve": approve, "publish": publish, "close": close}
