"""Whether the model's endpoint can be reached, and what it can do, for `debrief doctor`."""

from collections.abc import Iterator
from contextlib import closing

from bot.cli.check import Check, fails, ok
from bot.settings import Settings

_NAME = "model"


def check_endpoint(settings: Settings) -> Iterator[Check]:
    """Probe the endpoint with fixed words, where one is set: nothing of any incident is sent."""
    if not settings.llm_base_url:
        yield ok(_NAME, "none: drafts are written by templates alone")
        return
    if not settings.llm_model:
        yield fails(_NAME, "no model is named", "Set DEBRIEF_LLM_MODEL to the approved model's exact name.")
        return
    yield _probed(settings)


def _probed(settings: Settings) -> Check:
    # The client's library takes longer to import than most commands to run.
    from bot.llm.capabilities import Ability, probe  # noqa: PLC0415
    from bot.llm.endpoint import EndpointSettings, connect  # noqa: PLC0415

    endpoint = EndpointSettings(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key,
        networks=settings.llm_networks,
    )
    with closing(connect(endpoint, gate=lambda _: None)) as client:
        found = probe(client, settings.llm_model)
    where = f"{settings.llm_model} at {settings.llm_base_url}"
    there = ", ".join(each.ability for each in found.findings if each.is_there)
    if not found.has(Ability.CHAT):
        return fails(
            _NAME, f"{where}: {found.findings[0].because.rstrip('.')}", "Drafts are made without a model meanwhile."
        )
    if found.form is None:
        todo = "It must do json_schema or JSON mode; drafts are made without a model meanwhile."
        return fails(_NAME, f"{where} does {there} only", todo)
    return ok(_NAME, f"{where} does {there}")
