"""Settings that would be dangerous are refused at start, in one sentence that names the variable."""

import pytest

from analysis.errors import DebriefError
from bot.settings import load_settings


@pytest.mark.parametrize("secrets", ['{"ci": [""]}', '{"ci": ["a-long-enough-secret", "short"]}'])
def test_webhook_secret_that_anybody_could_guess_is_refused(secrets: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unset variable inside the setting does not become an empty secret."""
    monkeypatch.setenv("DEBRIEF_WEBHOOK_SECRETS", secrets)

    with pytest.raises(DebriefError, match=r"DEBRIEF_WEBHOOK_SECRETS.*the secrets of ci are shorter than 16 letters"):
        load_settings()
