"""The verbs that need more than the record; both `/incident` and `debrief` take them from here."""

from collections.abc import Callable, Mapping

from analysis.incident import FOUR_EYES_SEVERITIES
from bot.flows.drafting import DraftMaking
from bot.ports.ledger import Snapshots
from bot.render.templates import TemplateRenderer
from bot.settings import Settings
from bot.usecases.approving import Approve, Approving
from bot.usecases.composing import Composing, TemplatesAlone
from bot.usecases.drafting import Drafting, MakeDraft
from bot.usecases.publishing import CHANNEL, DESPITE, Publish, Publishing
from bot.usecases.signing import Signing
from bot.usecases.verbs import Asker, Request

Late = Mapping[str, Callable[[Asker, str], Request]]


def build_signing(settings: Settings) -> Signing:
    """How documents are rendered and where they go, as configured."""
    git = ("git",) if settings.publish_git_dir else ()
    return Signing(
        renderer=TemplateRenderer(),
        targets=(*git, CHANNEL),
        audience=settings.audience,
        private_targets=(CHANNEL,),
    )


def build_drafts(signing: Signing, snapshots: Snapshots, names: Callable[[str], str]) -> DraftMaking:
    """What composes drafts: templates alone; *names* gives the name of an actor."""
    return DraftMaking(
        Composing(signing=signing, composer=TemplatesAlone(names=names), names=names), snapshots=snapshots
    )


def build_late(settings: Settings, signing: Signing) -> Late:
    """The verbs whose use cases need more than the record: templates, the floor."""
    drafting = Drafting(signing=signing)
    approving = Approving(signing=signing, floor=settings.four_eyes_severities | FOUR_EYES_SEVERITIES)
    publishing = Publishing(signing=signing)

    def draft(asker: Asker, _: str) -> Request:
        return Request(use_case=drafting, command=MakeDraft(**asker.on_incident()))

    def approve(asker: Asker, words: str) -> Request:
        command = Approve(**asker.on_incident(), hash_prefix=words)
        return Request(use_case=approving, command=command, prepare=approving.prepare)

    def publish(asker: Asker, words: str) -> Request:
        said, _, knows = words.strip().lower().partition(" ")
        command = Publish(
            **asker.on_incident(),
            is_confirmed=bool(said),
            hash_prefix="" if said == "confirm" else said,
            knows_news=not said or knows == DESPITE,
        )
        return Request(use_case=publishing, command=command)

    return {"draft": draft, "approve": approve, "publish": publish}
