"""Which environment an alert is of: what is called alike in staging and in production is not the same thing."""

from collections.abc import Mapping

#: The names of labels, the surest first: common ones, OpenTelemetry's, and the cluster where nothing else is said.
NAMES = ("environment", "env", "deployment_environment", "deployment_environment_name", "stage", "cluster")


def environment_of(labels: Mapping[str, str]) -> str:
    """The environment that *labels* name, in lower case; empty where they name none."""
    return next((labels[name].strip().lower() for name in NAMES if labels.get(name, "").strip()), "")
