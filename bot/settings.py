"""All that can be set, read from the environment with the prefix `DEBRIEF_`."""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from analysis.errors import InvalidInput
from analysis.incident import FOUR_EYES_SEVERITIES, Severity
from analysis.inventory.things import EVERYTHING, Thing
from analysis.people import Access
from analysis.slacktext import nearest
from analysis.styles import Style
from bot.endpoint_checks import HEADER_VALUE, key_in, require_endpoint, require_headers, require_json
from bot.setting_words import (
    USER,
    USER_OR_GROUP,
    bounds_of,
    require_ids,
    require_own_token,
    said_of,
    stranger,
    wrong_part,
)

#: An unset variable must not become a secret that anybody knows.
SECRET_LETTERS = 16
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_PREFIX = "DEBRIEF_"
#: PagerDuty's, in both of its regions; see `docs/reference/paging.md`.
_PAGERDUTY_HOSTS = frozenset(
    {"events.pagerduty.com", "api.pagerduty.com", "events.eu.pagerduty.com", "api.eu.pagerduty.com"}
)
#: What a request to the model may have beside what drafts need: how it is worked on and billed, nothing that it says.
EXTRA_BODY = frozenset(
    {
        *("chat_template_kwargs", "drop_params", "enable_thinking", "metadata", "provider", "reasoning"),
        *("reasoning_effort", "service_tier", "store", "think", "thinking", "user", "verbosity"),
    }
)
_MOST_EXTRA_LETTERS = 1_000
#: What Slack takes as a command, and in the name of a channel.
_COMMAND = re.compile(r"/?[\w.-]{1,31}")
_NAME_BEGINS = re.compile(r"[\w-]{1,40}")


class AlertFormat(StrEnum):
    """How a system writes its alerts; `docs/reference/alerts.md` shows each."""

    ALERTMANAGER = "alertmanager"  #: Prometheus Alertmanager's webhook, version 4
    GRAFANA = "grafana"  #: Grafana alerting's webhook contact point
    PAGERDUTY = "pagerduty"  #: PagerDuty's webhooks, version 3
    DATADOG = "datadog"  #: Datadog's webhooks integration with our payload
    SENTRY = "sentry"  #: Sentry's integration platform
    GENERIC = "generic"  #: Debrief's own form


class AnswerForm(StrEnum):
    """How the language model's endpoint is held to a form; `debrief doctor` says which of these it does."""

    JSON_SCHEMA = "json_schema"  #: to a schema, which is the strictest
    JSON_OBJECT = "json_object"  #: to any JSON object


class AnswerLimits(StrEnum):
    """With which arguments an answer is kept short; `debrief doctor` says which of these the endpoint takes."""

    USUAL = "usual"  #: `max_tokens`, at the temperature nought
    PLAIN = "plain"  #: `max_tokens` alone, where a temperature or a seed is refused
    REASONING = "reasoning"  #: `max_completion_tokens` alone, which models that think before they answer insist on


class AlertSource(BaseModel):
    """A system that sends alerts; any of `secrets` lets it in, so that they can be rotated.

    `new_issues`: whether each new issue of Sentry's is an alert; undecided, where its priority is not medium or low.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: AlertFormat
    secrets: Annotated[tuple[SecretStr, ...], Field(min_length=1)]
    new_issues: bool | None = None

    @field_validator("secrets")
    @classmethod
    def _are_long_enough(cls, secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(secret.get_secret_value()) < SECRET_LETTERS for secret in secrets):
            message = f"a secret is shorter than {SECRET_LETTERS} letters"
            raise ValueError(message)
        return secrets

    @model_validator(mode="after")
    def _has_issues(self) -> Self:
        if self.new_issues is not None and self.format is not AlertFormat.SENTRY:
            message = "new_issues is for the format sentry only"
            raise ValueError(message)
        return self


class Settings(BaseSettings):
    """The configuration of one process; every field is documented in `docs/reference/settings.md`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    database_url: str = "sqlite:///.debrief/debrief.db"
    key_file: Path = Path(".debrief/debrief.key")
    anchors_file: Path | None = None
    anchor_interval_seconds: Annotated[float, Field(gt=0)] = 300.0
    probe_interval_seconds: Annotated[float, Field(gt=0)] = 5.0

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    slack_command: str = "/incident"
    slack_timeout_seconds: Annotated[int, Field(gt=0)] = 10
    operations_channel: str = ""
    channel_prefix: str = "inc"
    timeline_emoji: frozenset[str] = frozenset({"pushpin", "round_pushpin", "stopwatch"})

    access: Mapping[Access, frozenset[str]] = {}
    default_access: frozenset[Access] = frozenset({Access.RESPONDER})
    command_line_users: Mapping[str, str] = {}
    four_eyes_severities: frozenset[Severity] = FOUR_EYES_SEVERITIES
    approval_reminder_hours: Annotated[float, Field(ge=0, le=744)] = 24.0

    publish_git_dir: Path | None = None
    publish_git_branch: str = ""
    publish_git_path: str = "postmortems"
    publish_git_author: str = "Debrief <debrief@localhost>"
    publish_git_push: bool = False
    audience: str = "internal"
    document_style: Style = Style.SRE
    document_template: Path | None = None

    webhook_secrets: Mapping[str, tuple[SecretStr, ...]] = {}
    alert_sources: Mapping[str, AlertSource] = {}
    alerts_per_second: Annotated[float, Field(gt=0)] = 2000.0
    alert_burst: Annotated[int, Field(gt=0)] = 50_000
    alerts_channel: str = ""
    service_graph: Path | None = None
    mlflow_uri: SecretStr = SecretStr("sqlite:///debrief-mlflow.db")
    hold_stop_file: Path = Path(".debrief/hold-nothing")
    hold_digest_minutes: Annotated[int, Field(ge=5, le=240)] = 60

    llm_base_url: str = ""
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_api_key_file: Path | None = None
    llm_headers: Mapping[str, SecretStr] = {}
    llm_ca_file: Path | None = None
    llm_client_file: Path | None = None
    llm_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    llm_answer_form: AnswerForm = AnswerForm.JSON_SCHEMA
    llm_answer_limits: AnswerLimits = AnswerLimits.USUAL
    llm_extra_body: Mapping[str, Any] = {}
    llm_private_incidents: bool = False
    llm_known_words: frozenset[str] = frozenset()
    llm_patience_seconds: Annotated[float, Field(ge=3, le=600)] = 120.0
    llm_answer_tokens: Annotated[int, Field(ge=50)] = 800
    llm_most_events: Annotated[int, Field(ge=2)] = 60
    llm_tokens_per_incident: Annotated[int, Field(ge=0)] = 200_000
    llm_tokens_per_day: Annotated[int, Field(ge=0)] = 2_000_000
    llm_seconds_per_incident: Annotated[float, Field(ge=0)] = 1200.0
    llm_seconds_per_day: Annotated[float, Field(ge=0)] = 14_400.0
    llm_question_price: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    llm_answer_price: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    llm_money_per_incident: Annotated[Decimal, Field(ge=0)] | None = None
    llm_money_per_day: Annotated[Decimal, Field(ge=0)] | None = None

    inventory_owners: Mapping[str, str] = {}
    canary_hours: Annotated[float, Field(ge=0, le=744)] = 24.0
    canary_tokens_per_day: Annotated[int, Field(ge=0)] = 60_000
    canary_money_per_day: Annotated[Decimal, Field(ge=0)] | None = None

    pager_file: Path | None = None
    outside_hosts: frozenset[str] = _PAGERDUTY_HOSTS
    outside_private_hosts: frozenset[str] = frozenset()
    outside_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10.0

    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    log_level: str = "INFO"

    @field_validator("webhook_secrets")
    @classmethod
    def _are_long_enough(cls, secrets: Mapping[str, tuple[SecretStr, ...]]) -> Mapping[str, tuple[SecretStr, ...]]:
        short = [
            name for name, each in secrets.items() if any(len(one.get_secret_value()) < SECRET_LETTERS for one in each)
        ]
        if short:
            message = f"the secrets of {', '.join(sorted(short))} are shorter than {SECRET_LETTERS} letters"
            raise ValueError(message)
        return secrets

    @field_validator("timeline_emoji")
    @classmethod
    def _are_as_slack_names_them(cls, emoji: frozenset[str]) -> frozenset[str]:
        return frozenset(name.strip().strip(":") for name in emoji)

    @field_validator("access")
    @classmethod
    def _names_ids(cls, access: Mapping[Access, frozenset[str]]) -> Mapping[Access, frozenset[str]]:
        require_ids(USER_OR_GROUP, frozenset().union(*access.values()), "user group or user, such as S0123")
        return access

    @field_validator("command_line_users")
    @classmethod
    def _are_users(cls, users: Mapping[str, str]) -> Mapping[str, str]:
        require_ids(USER, users.values(), "user, such as U0456")
        return users

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"

    @field_validator("slack_api_url")
    @classmethod
    def _is_of_the_web(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            message = "it must begin with https:// (or http:// for a stand-in)"
            raise ValueError(message)
        return url

    @field_validator("slack_command")
    @classmethod
    def _is_a_command(cls, command: str) -> str:
        if not _COMMAND.fullmatch(command) or command != command.lower():
            message = "it must be one word in lower case, such as /incident"
            raise ValueError(message)
        return f"/{command.removeprefix('/')}"

    @field_validator("channel_prefix")
    @classmethod
    def _begins_a_name(cls, prefix: str) -> str:
        if not _NAME_BEGINS.fullmatch(prefix) or prefix != prefix.lower():
            message = "Slack takes lower-case letters, digits, - and _ only, and 40 of them fit"
            raise ValueError(message)
        return prefix

    @field_validator("llm_base_url")
    @classmethod
    def _is_private_on_the_way(cls, url: str) -> str:
        return require_endpoint(url.strip())

    @field_validator("slack_bot_token", "slack_app_token", "llm_api_key")
    @classmethod
    def _fits_a_header(cls, key: SecretStr, field: ValidationInfo) -> SecretStr:
        if not HEADER_VALUE.fullmatch(key.get_secret_value()):
            message = "it must be one line of ASCII without spaces around it"
            raise ValueError(message)
        require_own_token(field.field_name, key.get_secret_value())
        return key

    @field_validator("llm_api_key_file")
    @classmethod
    def _is_the_only_key(cls, path: Path | None, others: ValidationInfo) -> Path | None:
        key = others.data.get("llm_api_key")
        if path is not None and key is not None and key.get_secret_value():
            message = "DEBRIEF_LLM_API_KEY is set as well, and it is not said which of them counts"
            raise ValueError(message)
        return path

    @field_validator("llm_headers")
    @classmethod
    def _let_us_in(cls, headers: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
        require_headers({name: value.get_secret_value() for name, value in headers.items()})
        return headers

    @field_validator("llm_extra_body")
    @classmethod
    def _adds_no_content(cls, extra: Mapping[str, Any]) -> Mapping[str, Any]:
        strangers = sorted(extra.keys() - EXTRA_BODY)
        if strangers:
            message = f"{', '.join(strangers)} may not be added; possible are {', '.join(sorted(EXTRA_BODY))}"
            raise ValueError(message)
        if len(json.dumps(extra)) > _MOST_EXTRA_LETTERS:
            message = f"it is longer than {_MOST_EXTRA_LETTERS:,} letters"
            raise ValueError(message)
        require_json(extra)
        return extra

    @field_validator("llm_money_per_incident", "llm_money_per_day", "canary_money_per_day")
    @classmethod
    def _counts_something(cls, money: Decimal | None, others: ValidationInfo) -> Decimal | None:
        prices = (others.data.get("llm_question_price"), others.data.get("llm_answer_price"))
        # A price that is not usable itself is not among the others, and is told of first.
        if money is not None and not any(prices) and None not in prices:
            message = "it bounds nothing without DEBRIEF_LLM_QUESTION_PRICE and DEBRIEF_LLM_ANSWER_PRICE"
            raise ValueError(message)
        return money

    @field_validator("inventory_owners")
    @classmethod
    def _are_of_things(cls, owners: Mapping[str, str]) -> Mapping[str, str]:
        known = [thing.value for thing in Thing]
        strangers = sorted(owners.keys() - {EVERYTHING, *known})
        if strangers:
            message = f"{', '.join(strangers)} is not in the inventory; name {EVERYTHING}, {', '.join(known)}"
            raise ValueError(message)
        return owners

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, level: str) -> str:
        if level.upper() not in LOG_LEVELS:
            message = f"it must be one of {', '.join(LOG_LEVELS)}"
            raise ValueError(message)
        return level.upper()

    @property
    def llm_key(self) -> SecretStr:
        """What lets us in at the endpoint; of a file as it is now, because a token is exchanged there again and again.

        Raises
        ------
        analysis.errors.Unavailable
            If there is none in the file.
        """
        return SecretStr(key_in(self.llm_api_key_file)) if self.llm_api_key_file else self.llm_api_key

    @property
    def is_holding_stopped(self) -> bool:
        """Whether the file is there that stops holding back, or nobody can tell: then every alert is told, too."""
        try:
            self.hold_stop_file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    @property
    def logins(self) -> Mapping[str, str]:
        """Which person in Slack each mapped login is, both by their ids in the ledger."""
        return {f"cli:{login}": f"slack:{user}" for login, user in self.command_line_users.items()}

    @property
    def uses_socket_mode(self) -> bool:
        """Whether Slack is reached by a socket of ours rather than by requests to us."""
        return bool(self.slack_app_token.get_secret_value())


def load_settings(**given: Any) -> Settings:  # noqa: ANN401 - values of the fields above
    """The settings of the environment, each replaced by what is *given* for it.

    Raises
    ------
    InvalidInput
        If a value is not usable; the sentence names its variable.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "?"
        field = Settings.model_fields.get(name.lower())
        said = said_of(first, bounds_of(field.metadata, field.annotation) if field else ())
        message = f"{_PREFIX}{name} is not usable: {wrong_part(first['loc'][1:], said)}."
        raise InvalidInput(message) from error
    except SettingsError as error:
        message = f"{_unreadable(error)} is not usable: it must be JSON, see `docs/reference/settings.md`."
        raise InvalidInput(message) from error


def unknown_settings(environ: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each variable of *environ* that looks like a setting and is none, such as a mistyped one."""
    known = [f"{_PREFIX}{name.upper()}" for name in Settings.model_fields]
    strangers = sorted(name for name in environ if name.upper().startswith(_PREFIX) and name.upper() not in known)
    return tuple(stranger(name, nearest(name, known)) for name in strangers)


def _unreadable(error: SettingsError) -> str:
    """The variable whose JSON could not be read; the library names only its field, in a sentence."""
    words = str(error).replace('"', " ").split()
    field = next((word for word in words if word in Settings.model_fields), "")
    return f"DEBRIEF_{field.upper()}" if field else "A setting"
