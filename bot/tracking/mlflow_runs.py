"""Trainings as runs of MLflow, in a file beside the database or on a server; needs the extra `mlops`."""

import logging
from pathlib import Path

from mlflow import MlflowClient

from bot.ports.learning import TrackedRun
from bot.tracking.told import refused, without_password

EXPERIMENT = "debrief-grouping"
_SQLITE = "sqlite:///"


class MlflowTracking:
    """Implements `bot.ports.learning.Tracking`; *uri* is a database's or a tracking server's."""

    def __init__(self, uri: str) -> None:
        """Nothing is opened before the first run; that MLflow makes its tables is no news."""
        self._uri = uri
        logging.getLogger("mlflow").setLevel(logging.WARNING)

    def track(self, run: TrackedRun) -> str:
        """Keep *run* with its parameters, metrics and card.

        Raises
        ------
        analysis.errors.Unavailable
            If the store cannot be reached, or its driver is not installed.
        """
        try:
            return self._tracked(MlflowClient(tracking_uri=self._uri), run)
        except Exception as error:  # an edge: the version is on record by then
            # MLflow lets through what its database, a driver that is not there or a wrong address raises.
            raise refused(self._uri, error) from error

    def _tracked(self, client: MlflowClient, run: TrackedRun) -> str:
        known = client.get_experiment_by_name(EXPERIMENT)
        experiment = known.experiment_id if known else client.create_experiment(EXPERIMENT, self._artifacts())
        run_id = str(client.create_run(experiment, run_name=run.name, tags=dict(run.tags)).info.run_id)
        for name, value in run.parameters.items():
            client.log_param(run_id, name, value)
        for name, metric in run.metrics.items():
            client.log_metric(run_id, name, metric)
        client.log_text(run_id, run.card, "model_card.md")
        client.set_terminated(run_id)
        return f"run {run_id} of the experiment {EXPERIMENT} at {without_password(self._uri)}"

    def _artifacts(self) -> str | None:
        """Beside a database in a file; a server decides for itself."""
        if not self._uri.startswith(_SQLITE):
            return None
        file = Path(self._uri.removeprefix(_SQLITE)).resolve()
        return file.with_name(f"{file.stem}-artifacts").as_uri()
