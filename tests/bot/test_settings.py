"""Settings that would be dangerous are refused at start, in one sentence that names the variable."""

import pytest

from analysis.errors import DebriefError
from bot.settings import load_settings, unknown_settings


@pytest.mark.parametrize("secrets", ['{"ci": [""]}', '{"ci": ["a-long-enough-secret", "short"]}'])
def test_webhook_secret_that_anybody_could_guess_is_refused(secrets: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unset variable inside the setting does not become an empty secret."""
    monkeypatch.setenv("DEBRIEF_WEBHOOK_SECRETS", secrets)

    with pytest.raises(DebriefError, match=r"DEBRIEF_WEBHOOK_SECRETS.*the secrets of ci are shorter than 16 letters"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        pytest.param("LOG_LEVEL", "LOUD", "it must be one of DEBUG, INFO, WARNING, ERROR.", id="level"),
        pytest.param("SLACK_API_URL", "slack.com/api", "it must begin with https:// ", id="url"),
        pytest.param("SLACK_COMMAND", "/our incident", "it must be one word in lower case, such as /inc", id="command"),
        pytest.param("CHANNEL_PREFIX", "Inc Foo", "Slack takes lower-case letters, digits, - and _ only", id="prefix"),
        pytest.param("LLM_BASE_URL", "http://llm.example.com/v1", "it must begin with https://, because", id="plain"),
        pytest.param("LLM_BASE_URL", "https://u:p@llm.example.com/v1", "it must hold no user, password", id="password"),
        pytest.param("LLM_BASE_URL", "https://:p@llm.example.com/v1", "it must hold no user, password", id="nobody"),
        pytest.param("LLM_BASE_URL", "https://llm.example.com/v1 x", "it must be a URL such as https://", id="words"),
        pytest.param("LLM_BASE_URL", "https://llm.example.com\n/v1", "it must be a URL such as https://", id="lines"),
        pytest.param(
            "LLM_BASE_URL", "https://llm.example.com:x/v1", "its host or port is none; it must be a URL", id="port"
        ),
        pytest.param("LLM_BASE_URL", "https://[llm]/v1", "its host or port is none; it must be a URL", id="host"),
        pytest.param("LLM_NETWORKS", '["10.20.0.1/16"]', "it must be a network such as 10.20.0.0/16.", id="network"),
        pytest.param("HTTP_PORT", "http", "it must be a whole number from 0 to 65535.", id="no port"),
        pytest.param("HTTP_PORT", "80.5", "it must be a whole number from 0 to 65535.", id="half a port"),
        pytest.param("LLM_ANSWER_TOKENS", "many", "it must be a whole number of at least 50.", id="no tokens"),
        pytest.param("CANARY_HOURS", "daily", "it must be a number from 0 to 744.", id="no hours"),
        pytest.param("OUTSIDE_TIMEOUT_SECONDS", "soon", "it must be a number above 0, 60 at most.", id="no time"),
        pytest.param("CANARY_MONEY_PER_DAY", "five", "it must be a number of at least 0.", id="no money"),
        pytest.param("PUBLISH_GIT_PUSH", "perhaps", "it must be true or false.", id="no choice"),
        pytest.param("LLM_BASE_URL", "https://llm.example.com/v1?key=s", "it must hold no user, password", id="query"),
        pytest.param(
            "LLM_BASE_URL",
            "https://llm.example.com/v1/chat/completions?api-version=1",
            "it must end before /chat/completions, which is added.",
            id="whole path",
        ),
        pytest.param("LLM_API_KEY", "sk-1\n", "it must be one line of ASCII without spaces around it.", id="line"),
        pytest.param("LLM_API_KEY", "sk-\N{EN DASH}1", "it must be one line of ASCII", id="no ASCII"),
        pytest.param("LLM_HEADERS", '{"a b": "x"}', "a b is no header that may be added; api-key is", id="header"),
        pytest.param("LLM_HEADERS", '{"Host": "x"}', "Host is no header that may be added", id="header with a meaning"),
        pytest.param("LLM_HEADERS", '{"authorization": "x"}', "authorization is no header", id="two keys"),
        pytest.param("LLM_HEADERS", '{"api-key": "x\\ny: z"}', "what api-key has must be one line", id="two headers"),
        pytest.param("LLM_EXTRA_BODY", '{"tools": []}', "tools may not be added; possible are chat_temp", id="tools"),
        pytest.param("LLM_EXTRA_BODY", '{"user": "%s"}' % ("x" * 1000), "it is longer than 1,000", id="long"),
        pytest.param("LLM_EXTRA_BODY", '{"store": NaN}', "store: it must be a number that JSON has", id="no number"),
        pytest.param(
            "LLM_EXTRA_BODY", '{"metadata": {"a": [1, -1e400]}}', "metadata: a: 2: it must be a number", id="infinity"
        ),
        pytest.param("LLM_EXTRA_BODY", r'{"user": "a\ud83d"}', "user: it must be whole letters;", id="half letter"),
        pytest.param("LLM_EXTRA_BODY", r'{"metadata": {"\ude00": 1}}', "metadata: it must be whole", id="half name"),
        pytest.param("LLM_MONEY_PER_DAY", "5", "it bounds nothing without DEBRIEF_LLM_QUESTION_PRICE", id="no prices"),
        pytest.param("ACCESS", '{"approver": ["@ana"]}', "“@ana” is not the id of a Slack user group", id="name"),
        pytest.param("ACCESS", '{"approver": "S1"}', "approver: it must be a list, such as [", id="no list"),
        pytest.param("ACCESS", '{"boss": ["S1"]}', "boss: it must be 'viewer', 'responder', 'comm", id="no level"),
        pytest.param("ACCESS", '["S1"]', "it must be a map, such as {", id="no map"),
        pytest.param(
            "SLACK_BOT_TOKEN", "xoxb-…", "it must be one line of ASCII without spaces around it.", id="copied"
        ),
        pytest.param("SLACK_APP_TOKEN", "xapp-1\r", "it must be one line of ASCII", id="line of another system"),
        pytest.param("SLACK_BOT_TOKEN", "xapp-1-A0", "it is an app-level token, which belongs into DEB", id="swapped"),
        pytest.param("SLACK_APP_TOKEN", "xoxb-1-2", "it is no app-level token: those begin with xapp-", id="swapped 2"),
        pytest.param("COMMAND_LINE_USERS", '{"ana": "ana"}', "“ana” is not the id of a Slack user, such", id="user"),
        pytest.param("COMMAND_LINE_USERS", '{"ana": "S0123"}', "“S0123” is not the id of a Slack user,", id="group"),
        pytest.param("ALERT_SOURCES", '{"am": {"secrets": ["x"]}}', "am: format: it is missing.", id="no format"),
        pytest.param(
            "ALERT_SOURCES",
            '{"am": {"format": "alertmanager", "secrets": ["0123456789abcdef"], "new_issues": true}}',
            "am: new_issues is for the format sentry only.",
            id="no issues",
        ),
        pytest.param("WEBHOOK_SECRETS", '{"ci": "x"}', 'ci: it must be a list, such as ["…"].', id="no secrets"),
        pytest.param("HTTP_PORT", "99999", "it must be less than or equal to 65535.", id="high port"),
        pytest.param("LLM_BASE_URL", "llm.example.com", "it must be a URL such as https://", id="no URL"),
    ],
)
def test_value_that_would_fail_later_is_refused_at_once(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence says what is possible."""
    monkeypatch.setenv(f"DEBRIEF_{name}", value)

    with pytest.raises(DebriefError) as refused:
        load_settings()

    assert refused.value.message.startswith(f"DEBRIEF_{name} is not usable: {sentence}")


def test_level_is_read_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """People write it small."""
    monkeypatch.setenv("DEBRIEF_LOG_LEVEL", "debug")

    assert load_settings().log_level == "DEBUG"


def test_emoji_are_read_as_people_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's events name them without colons."""
    monkeypatch.setenv("DEBRIEF_TIMELINE_EMOJI", '[":memo:", "pushpin"]')

    assert load_settings().timeline_emoji == {"memo", "pushpin"}


def test_command_is_read_without_its_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's requests name it with one, so that it would never be met."""
    monkeypatch.setenv("DEBRIEF_SLACK_COMMAND", "outage")

    assert load_settings().slack_command == "/outage"


def test_variable_that_is_no_setting_is_told_with_the_nearest() -> None:
    """A mistyped name would leave the default in force without a word."""
    environ = {"PATH": "/bin", "DEBRIEF_HTTP_PROT": "1", "debrief_http_port": "2", "DEBRIEF_ZZZZZZZZZZZZ": "3"}

    assert unknown_settings(environ) == (
        "DEBRIEF_HTTP_PROT is no setting of Debrief; did you mean DEBRIEF_HTTP_PORT.",
        "DEBRIEF_ZZZZZZZZZZZZ is no setting of Debrief.",
    )


@pytest.mark.parametrize(
    "name", ["SERVICE_GRAPH", "PUBLISH_GIT_DIR", "ALERTS_CHANNEL", "HTTP_PORT", "DATABASE_URL", "ACCESS"]
)
def test_empty_variable_is_as_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line `NAME=` in a file of variables switches a setting off; it names neither this folder nor a wrong number."""
    unset = load_settings()

    monkeypatch.setenv(f"DEBRIEF_{name}", "")

    assert load_settings() == unset


def test_line_end_behind_an_address_is_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a secret has one that was made of a file: with it no question would ever leave."""
    monkeypatch.setenv("DEBRIEF_LLM_BASE_URL", " https://llm.example.com/v1\n")

    assert load_settings().llm_base_url == "https://llm.example.com/v1"


def test_key_is_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a key and a file with one nobody knows which counts."""
    monkeypatch.setenv("DEBRIEF_LLM_API_KEY_FILE", "/run/secrets/token")
    assert str(load_settings().llm_api_key_file) == "/run/secrets/token"

    monkeypatch.setenv("DEBRIEF_LLM_API_KEY", "sk-1")
    with pytest.raises(DebriefError, match="DEBRIEF_LLM_API_KEY_FILE is not usable: DEBRIEF_LLM_API_KEY is set as"):
        load_settings()
