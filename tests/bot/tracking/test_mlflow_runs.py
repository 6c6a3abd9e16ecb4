"""Trainings as runs of a real MLflow, in a file; where the extra is not installed these tests say so."""

import importlib.util
from pathlib import Path

import pytest

from analysis.errors import Unavailable
from bot.cli.lazy import load
from bot.cli.learning.training import open_tracking
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


@pytest.mark.parametrize(
    "uri",
    [
        pytest.param("mysql+pymysql://ada:hunter2@127.0.0.1:1/runs", id="driver-is-missing"),
        pytest.param("postgresql+nosuch://ada:hunter2@127.0.0.1:1/runs", id="no-such-driver"),
        pytest.param("postgresql+psycopg://ada:hunter2@[::1/runs", id="no-address"),
        pytest.param("nosuch://ada:hunter2@127.0.0.1/runs", id="no-such-store"),
        pytest.param("http://ada:hunter2@127.0.0.1:1", id="nobody-listens"),
    ],
)
def test_whatever_mlflow_raises_is_one_sentence_without_the_password(uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is on record by then, so training must not end in an error that nobody foresaw."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    tracking = open_tracking(uri)
    assert tracking is not None

    with pytest.raises(Unavailable, match="did not take the run") as refused:
        tracking.track(RUN)

    assert ("hunter2" in refused.value.message, "\n" in refused.value.message) == (False, False)


def test_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    """What the driver raises comes through MLflow as it is."""
    (tmp_path / "runs.db").write_text("no database at all\n" * 100)
    tracking = open_tracking(f"sqlite:///{tmp_path / 'runs.db'}")
    assert tracking is not None

    with pytest.raises(Unavailable, match=r"did not take the run: .*file is not a database") as refused:
        tracking.track(RUN)

    assert "\n" not in refused.value.message


def test_where_a_run_is_kept_is_told_without_the_password(tmp_path: Path) -> None:
    """A database in a file has none; its address is told whole."""
    uri = f"sqlite:///{tmp_path / 'runs.db'}"
    tracking = open_tracking(uri)
    assert tracking is not None

    assert tracking.track(RUN).endswith(f" of the experiment debrief-grouping at {uri}")
