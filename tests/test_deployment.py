"""The image and the Compose file agree with the code that they carry."""

import json
import re
import tomllib
from pathlib import Path

import psycopg
import pytest
import yaml

from bot.settings import Settings
from tests.dockerfile_steps import context_files, is_ignored, parse

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = list(parse((ROOT / "Dockerfile").read_text()))
SETTINGS = {f"DEBRIEF_{name.upper()}" for name in Settings.model_fields}


def test_dockerfile_is_parsed_into_whole_instructions() -> None:
    """Continued lines are joined, comments among them dropped, and the first line is remembered."""
    text = "FROM a AS b\n# why\nRUN one \\\n    # between\n    && two\n\nUSER c\n"

    found = [(one.word, one.text, one.line) for one in parse(text)]

    assert found == [("FROM", "a AS b", 1), ("RUN", "one && two", 3), ("USER", "c", 7)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("bot/app.py", False), ("bot/__pycache__/app.pyc", True), ("tests/fakes.py", True), (".env", True)],
    ids=["source", "byte code", "tests", "secrets"],
)
def test_build_context_holds_sources_only(name: str, expected: bool) -> None:  # noqa: FBT001 - a case's outcome
    """What the wheel is made of goes into a build; secrets, tests and byte code stay outside."""
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]

    assert is_ignored(name, rules) is expected


def test_build_context_holds_what_the_image_copies() -> None:
    """Every lock that the Dockerfile copies is in the context."""
    copied = {word for one in DOCKERFILE if one.word == "COPY" for word in one.text.split() if word.endswith(".lock")}

    assert copied <= set(context_files())


def test_image_runs_unprivileged_with_a_health_check() -> None:
    """The last stage ends as a user who is not root, asks /healthz, and serves."""
    start = max(index for index, one in enumerate(DOCKERFILE) if one.word == "FROM")
    last = {one.word: one.text for one in DOCKERFILE[start:]}

    assert last["USER"] == "debrief"
    assert "/healthz" in last["HEALTHCHECK"]
    assert json.loads(last["CMD"]) == ["debrief", "serve"]


def test_image_sets_settings_only() -> None:
    """A variable that the image or Compose sets is one that the bot reads."""
    in_image = {name for one in DOCKERFILE if one.word == "ENV" for name in re.findall(r"(DEBRIEF_\w+)=", one.text)}
    in_compose = set(COMPOSE["services"]["bot"]["environment"])

    assert (in_image | in_compose) - SETTINGS == set()


def test_image_has_the_python_that_the_locks_are_for() -> None:
    """The base image is the oldest Python that the project supports, the one the locks are resolved for."""
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].split(",")[0]

    images = {one.text.split()[0] for one in DOCKERFILE if one.word == "FROM"}

    assert images == {f"python:{oldest.removeprefix('>=')}-slim"}


def test_compose_gives_no_secret_a_default() -> None:
    """Compose refuses to start without a password rather than start with a known one."""
    text = (ROOT / "compose.yaml").read_text()

    references = re.findall(r"\$\{(\w+)(:?[-?])?", text)

    assert references
    assert {operator for _, operator in references} == {":?"}


@pytest.mark.postgres
def test_compose_runs_the_postgresql_that_is_tested(postgres_url: str) -> None:
    """Production's PostgreSQL has the major version that the tests run on."""
    image = COMPOSE["services"]["postgres"]["image"]

    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        major = connection.info.server_version // 10_000

    assert image == f"postgres:{major}"
