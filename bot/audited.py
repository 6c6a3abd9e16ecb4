"""The settings that an auditor asks for, in words that hold no secret."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from analysis.errors import DebriefError
from analysis.events import Source
from analysis.incident import FOUR_EYES_SEVERITIES
from analysis.masking import masked
from analysis.styles import Style
from bot.render.styling import Styles
from bot.settings import Settings
from bot.store.opening import Store
from bot.usecases.asking import DEBRIEF
from bot.usecases.record_settings import RecordSettings, record_settings

#: Settings that are recorded as they are: who may do what, where documents go, whom Debrief calls, and who is told.
_AS_THEY_ARE = (
    *("access", "default_access", "command_line_users", "audience", "document_style", "approval_reminder_hours"),
    *("publish_git_dir", "publish_git_branch", "publish_git_path", "publish_git_push"),
    *("llm_base_url", "llm_model", "llm_private_incidents", "llm_known_words", "llm_networks", "inventory_owners"),
    *("llm_api_key_file", "llm_ca_file", "llm_client_file", "llm_extra_body", "canary_hours"),
    *("operations_channel", "alerts_channel", "slack_api_url", "outside_hosts", "outside_private_hosts"),
    *("anchors_file", "hold_stop_file"),
)
_DIGITS = 16


def put_settings_on_record(settings: Settings, store: Store, workspace_id: UUID, *, templates: str) -> None:
    """Record what changed since the last start; *templates* is the version of the shipped ones."""
    command = RecordSettings(
        person=DEBRIEF,
        workspace_id=workspace_id,
        natural_key=f"debrief:settings:{uuid4()}",
        source=Source.DEBRIEF,
        now={**audited(settings), "templates": templates},
    )
    store.writer.submit(record_settings, command).result()


def audited(settings: Settings) -> dict[str, str]:
    """What is in force, by variable; of secrets only whose they are, or that one is set."""
    shown = {_variable(name): _written(getattr(settings, name)) for name in _AS_THEY_ARE}
    secrets = {
        "llm_api_key": "set" if settings.llm_api_key.get_secret_value() else "not set",
        "llm_headers": _written(sorted(settings.llm_headers)),
        "webhook_secrets": _written(sorted(settings.webhook_secrets)),
        "alert_sources": _written({name: one.format.value for name, one in settings.alert_sources.items()}),
        "pager_file": _file(settings.pager_file),
    }
    all_of_it = {
        **shown,
        **{_variable(name): value for name, value in secrets.items()},
        _variable("four_eyes_severities"): _written(settings.four_eyes_severities | FOUR_EYES_SEVERITIES),
        _variable("document_template"): _template(settings.document_template),
    }
    return {name: masked(value) for name, value in all_of_it.items()}  # an address may hold a password


def _variable(name: str) -> str:
    return f"DEBRIEF_{name.upper()}"


def _written(value: Any) -> str:  # noqa: ANN401 - any setting
    return value if isinstance(value, str) else json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any setting
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(str(each) for each in value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool | int | float) or value is None else str(value)


def _template(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        version = Styles(path).version(Style.COMPANY)
    except (DebriefError, OSError, RuntimeError):  # also where links lead in a circle
        version = ""
    return f"{path}, version {version}" if version else f"{path}, which cannot be read"


def _file(path: Path | None) -> str:
    """Where it is, and which one: it holds secrets, so not what it says."""
    if path is None:
        return ""
    try:
        return f"{path}, version {hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGITS]}"
    except OSError:
        return f"{path}, which cannot be read"
