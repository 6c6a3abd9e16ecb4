"""Which environment an alert is of: what is called alike in staging and in production is not the same thing."""

from collections.abc import Iterable, Mapping

#: The names of labels, the surest first: common ones, OpenTelemetry's, and the cluster where nothing else is said.
NAMES = ("environment", "env", "deployment_environment", "deployment_environment_name", "stage", "cluster")
#: Those by which a deploy names it, too: which cluster it went to is not said.
OF_DEPLOYS = tuple(name for name in NAMES if name != "cluster")

#: Short names of the usual ones: one system calls production `prod`, another as Sentry does.
_CALLED = {"prod": "production", "prd": "production", "stg": "staging", "dev": "development"}


def environment_of(labels: Mapping[str, str], names: Iterable[str] = NAMES) -> str:
    """The environment that *labels* name by one of *names*, in lower case and in full; empty where they name none."""
    return next((environment_called(labels[name]) for name in names if labels.get(name, "").strip()), "")


def environment_called(name: str) -> str:
    """The environment that is called *name*."""
    named = name.strip().lower()
    return _CALLED.get(named, named)
