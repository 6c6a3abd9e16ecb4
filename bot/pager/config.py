"""The file that says who may be paged and how: `DEBRIEF_PAGER_FILE`, described in `docs/reference/paging.md`."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from analysis.alerts.in_line import Route, refusal_of
from analysis.errors import InvalidInput
from analysis.paging import NAME, RESERVED
from bot.pager.http import NotAllowedError, check_url
from bot.ports.paging import PagingPlan, ServicePlan
from bot.settings import SECRET_LETTERS, Settings

PAGERDUTY, WEBHOOK = "pagerduty", "webhook"
_HOME, _EUROPE = ".pagerduty.com", ".eu.pagerduty.com"
DEFAULT_CALL = "whoever is on call, by telephone"


def _sendable(token: SecretStr) -> SecretStr:
    """Refuse what no header can hold, such as the end of the line that it was copied with."""
    value = token.get_secret_value()
    if value.isascii() and value.isprintable() and " " not in value:
        return token
    message = "it has letters that no token has, such as a space or the end of a line"
    raise ValueError(message)


_Words = Annotated[str, Field(min_length=1, max_length=200)]
_Token = Annotated[SecretStr, AfterValidator(_sendable)]
_Id = Annotated[str, Field(pattern=r"^[A-Z0-9]{4,32}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PagerDutyAccount(_Part):
    """An account of PagerDuty; without `api_token` services with a routing key can be paged, and nothing looked up."""

    api_token: _Token = SecretStr("")
    sender: Annotated[str, Field(alias="from", max_length=200, pattern=r"^[!-?A-~]+@[!-?A-~]+$")] = "debrief@localhost"
    default_service: str = ""
    events_url: str = "https://events.pagerduty.com/v2/enqueue"
    api_url: str = "https://api.pagerduty.com"

    @model_validator(mode="after")
    def _is_of_one_region(self) -> Self:
        """PagerDuty's service regions know nothing of each other: a page in one is looked for in the other in vain."""
        urls = [url for url in (self.events_url, self.api_url) if _HOME in url]
        if self.api_token.get_secret_value() and len({_EUROPE in url for url in urls}) > 1:
            message = "events_url and api_url are of different service regions; set both, or neither"
            raise ValueError(message)
        return self


class WebhookPager(_Part):
    """Any other pager, by signed requests of our own form; the first of `secrets` signs what is sent."""

    url: str
    secrets: Annotated[tuple[SecretStr, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _secrets_are_long_enough(self) -> Self:
        if any(len(secret.get_secret_value()) < SECRET_LETTERS for secret in self.secrets):
            message = f"a secret of the webhook is shorter than {SECRET_LETTERS} letters"
            raise ValueError(message)
        return self


class PagedService(_Part):
    """A service that may be paged; `call` is what people do where that fails."""

    pager: Literal["pagerduty", "webhook"] = "pagerduty"
    routing_key: _Token = SecretStr("")
    service_id: Annotated[str, Field(pattern=r"^([A-Z0-9]{4,32})?$")] = ""
    call: Annotated[str, Field(max_length=200)] = ""


class HeartbeatTarget(_Part):
    """Who is told that Debrief is there, how often; when that stops, they page people directly."""

    url: SecretStr
    every_seconds: Annotated[float, Field(gt=0, le=3600)] = 60.0


class InLineRoute(_Part):
    """Alerts of a source with these labels reach the pager of `service` through Debrief."""

    source: Annotated[str, Field(min_length=1)]
    labels: dict[str, str]
    service: str


class PagerFile(_Part):
    """All that the file says."""

    call: _Words = DEFAULT_CALL
    pagerduty: PagerDutyAccount | None = None
    webhook: WebhookPager | None = None
    services: dict[str, PagedService] = {}
    policies: dict[str, _Id] = {}
    people: dict[str, _Id] = {}
    heartbeat: HeartbeatTarget | None = None
    in_line: tuple[InLineRoute, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for name in (*self.services, *self.policies):
            if not NAME.fullmatch(name) or name.lower() in RESERVED:
                message = f"“{name}” cannot be typed after `page`: use letters, digits, dots and dashes"
                raise ValueError(message)
        for name, service in self.services.items():
            _check_service(name, service, self)
        for route in self.in_line:
            _check_route(route, self)
        default = self.pagerduty.default_service if self.pagerduty else ""
        if default and not (default in self.services and self.services[default].service_id):
            message = f"default_service “{default}” must be one of services, with its service_id"
            raise ValueError(message)
        return self

    @property
    def heartbeat_seconds(self) -> float:
        """How often the heart beats; 0 where there is none."""
        return self.heartbeat.every_seconds if self.heartbeat else 0.0

    @property
    def asks_people(self) -> bool:
        """Whether people and policies can be paged: PagerDuty opens an incident for them on some service."""
        return bool(self.pagerduty and self.pagerduty.api_token.get_secret_value() and self.pagerduty.default_service)

    @property
    def routes(self) -> tuple[Route, ...]:
        """The routes in line."""
        return tuple(
            Route(source=one.source, labels=MappingProxyType(one.labels), service=one.service) for one in self.in_line
        )

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets by which a pager behind the webhook proves who it is."""
        return tuple(secret.get_secret_value() for secret in self.webhook.secrets) if self.webhook else ()

    def plan(self) -> PagingPlan:
        """The same without secrets, for those who only have to know what there is."""
        services = {
            name: ServicePlan(pager=service.pager, call=service.call or self.call)
            for name, service in self.services.items()
        }
        return PagingPlan(
            services=MappingProxyType(services),
            policies=frozenset(self.policies),
            rest_pager=PAGERDUTY if self.asks_people else "",
            call=self.call,
        )


def read_pager_file(settings: Settings) -> PagerFile:
    """The file that the settings name; an empty one where they name none.

    Raises
    ------
    analysis.errors.InvalidInput
        If it cannot be read, or asks for what may not be called; the sentence never quotes a value of it.
    """
    path = settings.pager_file
    if path is None:
        return PagerFile()
    try:
        found = PagerFile.model_validate_json(path.read_bytes())
    except OSError as error:
        message = f"The file {path} of DEBRIEF_PAGER_FILE cannot be read: {error.strerror}."
        raise InvalidInput(message) from error
    except ValidationError as error:
        raise InvalidInput(_unusable(path, error)) from None
    _check_addresses(path, found, settings.outside_hosts)
    strangers = sorted({route.source for route in found.in_line} - settings.alert_sources.keys())
    if strangers:
        message = (
            f"in_line in {path} (DEBRIEF_PAGER_FILE) names {strangers[0]}, which is none of DEBRIEF_ALERT_SOURCES."
        )
        raise InvalidInput(message)
    return found


def urls_of(found: PagerFile) -> Mapping[str, str]:
    """Every address that the file has Debrief call, by what it is for."""
    urls = {}
    if found.pagerduty:
        urls["pagerduty.events_url"] = found.pagerduty.events_url
        urls["pagerduty.api_url"] = found.pagerduty.api_url
    if found.webhook:
        urls["webhook.url"] = found.webhook.url
    if found.heartbeat:
        urls["heartbeat.url"] = found.heartbeat.url.get_secret_value()
    return urls


def _check_addresses(path: Path, found: PagerFile, hosts: frozenset[str]) -> None:
    for name, url in urls_of(found).items():
        try:
            check_url(url, hosts)
        except NotAllowedError as error:
            message = f"{name} in {path} (DEBRIEF_PAGER_FILE) is not usable: {error.message}."
            raise InvalidInput(message) from error


def _check_service(name: str, service: PagedService, file: PagerFile) -> None:
    if service.pager == WEBHOOK:
        if file.webhook is None:
            message = f"service “{name}” is paged by webhook, but webhook is not set"
            raise ValueError(message)
        return
    if file.pagerduty is None:
        message = f"service “{name}” is paged by PagerDuty, but pagerduty is not set"
        raise ValueError(message)
    has_token = bool(file.pagerduty.api_token.get_secret_value())
    if not service.routing_key.get_secret_value() and not (service.service_id and has_token):
        message = f"service “{name}” needs a routing_key, or a service_id together with pagerduty.api_token"
        raise ValueError(message)


def _check_route(route: InLineRoute, file: PagerFile) -> None:
    """A route in line needs somebody outside who notices when Debrief is silent, and nothing that pages directly."""
    service = file.services.get(route.service)
    words = ", ".join(f"{name}={value}" for name, value in route.labels.items())
    if service is None:
        message = f"the route in line for {words or 'everything'} names no service of the file"
        raise ValueError(message)
    if service.pager == PAGERDUTY and not service.routing_key.get_secret_value():
        message = f"the route in line for {words} needs a routing_key for {route.service}"
        raise ValueError(message)
    if file.heartbeat is None:
        message = f"the route in line for {words} needs a heartbeat, which pages directly when Debrief is silent"
        raise ValueError(message)
    refusal = refusal_of(Route(source=route.source, labels=route.labels, service=route.service))
    if refusal:
        message = f"the route for {words or 'everything'} must not be in line: {refusal}"
        raise ValueError(message)


def _unusable(path: Path, error: ValidationError) -> str:
    """What is wrong, by field; pydantic's own words would quote the value, which may be a secret."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        said = "there is no such part; `docs/reference/paging.md` has all"
    return f"The file {path} of DEBRIEF_PAGER_FILE is not usable: {f'{where}: ' if where else ''}{said}."
