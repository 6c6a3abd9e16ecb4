"""Trainings as runs of a real MLflow, in a file; where the extra is not installed these tests say so."""

import importlib.util
from pathlib import Path

import pytest

from analysis.errors import Unavailable
from bot.cli.lazy import load
from bot.cli.training import open_tracking
from bot.ports.learning import TrackedRun

pytestmark = [
    pytest.mark.mlops,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="the extra mlops is not installed here"),
    # MLflow's own code, and what it brings along, warns of what it will change itself
    pytest.mark.filterwarnings("default"),
]
RUN = TrackedRun(
    name="version 3",
    parameters={"spread": "0.5", "half.life.seconds": "407.2"},
    metrics={"gain": 0.31, "gain.low": 0.2},
    tags={"digest": "0011223344556677", "promoted": "true"},
    card="# Weights of grouping 0011223344556677\n",
)


def test_run_is_kept_with_its_figures_and_card(tmp_path: Path) -> None:
    """A second run joins the same experiment, and files stay beside the database."""
    uri = f"sqlite:///{tmp_path / 'runs.db'}"
    tracking = open_tracking(uri)
    assert tracking is not None

    told = [tracking.track(RUN), tracking.track(RUN._replace(name="version 4"))]

    client = load("mlflow").MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name("debrief-grouping")
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time ASC"])
    assert [run.info.run_name for run in runs] == ["version 3", "version 4"]
    assert all(run.info.run_id in sentence for run, sentence in zip(runs, told, strict=True))
    first = runs[0]
    assert (first.data.params, first.data.metrics) == (RUN.parameters, RUN.metrics)
    assert RUN.tags.items() <= first.data.tags.items()
    assert first.info.status == "FINISHED"
    (card,) = (tmp_path / "runs-artifacts" / first.info.run_id).rglob("model_card.md")
    assert card.read_text() == RUN.card


def test_store_that_cannot_be_reached_is_one_sentence(tmp_path: Path) -> None:
    """Whoever trains is told, and can go on."""
    tracking = open_tracking(f"sqlite:///{tmp_path / 'missing' / 'folder' / 'runs.db'}")
    assert tracking is not None
    (tmp_path / "missing").write_text("no folder")

    with pytest.raises(Unavailable, match="did not take the run") as refused:
        tracking.track(RUN)

    assert "\n" not in refused.value.message
