"""The file that stops holding back: where nobody can tell whether it is there, it is."""

from pathlib import Path

import pytest

from bot.settings import load_settings


@pytest.mark.parametrize(
    ("name", "is_stopped"),
    [
        pytest.param("there", True, id="it is there"),
        pytest.param("away", False, id="it is not"),
        pytest.param("no-folder/away", False, id="nor is its folder"),
        pytest.param("there/away", False, id="its folder is a file"),
        pytest.param("x" * 300, True, id="nobody can look"),
        pytest.param("loop/away", True, id="a folder that leads to itself"),
    ],
)
def test_file_stops_holding_back_unless_it_is_surely_away(tmp_path: Path, name: str, is_stopped: bool) -> None:  # noqa: FBT001 - a case
    """What fails to be seen holds nothing back, and ends no process."""
    (tmp_path / "there").touch()
    (tmp_path / "loop").symlink_to("loop")

    assert load_settings(hold_stop_file=tmp_path / name).is_holding_stopped is is_stopped
