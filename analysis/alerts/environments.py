"""Which environment an alert is of: what is called alike in staging and in production is not the same thing."""

from collections.abc import Mapping

#: The names of labels, the surest first: common ones, OpenTelemetry's, and the cluster where nothing else is said.
NAMES = ("environment", "env", "deployment_environment", "deployment_environment_name", "stage", "cluster")

#: Short names of the usual ones: one system calls production `prod`, another as Sentry does.
_CALLED = {"prod": "production", "prd": "production", "stg": "staging", "dev": "development"}


def environment_of(labels: Mapping[str, str]) -> str:
    """The environment that *labels* name, in lower case and in full; empty where they name none."""
    named = next((labels[name].strip().lower() for name in NAMES if labels.get(name, "").strip()), "")
    return _CALLED.get(named, named)
