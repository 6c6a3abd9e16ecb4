"""The locks are complete, hashed and free of addresses, so that a set-up installs exactly what was reviewed."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-build.lock", "requirements-mlops.lock"]
PIN = re.compile(
    r"^(?P<name>[a-z0-9.-]+)(\[[a-z0-9,-]+\])?==(?P<version>[^ ]+)( ; [^\\]+)? \\$(?P<rest>(\n    .*)*)", re.MULTILINE
)


def wanted(lock: str) -> list[Requirement]:
    """Return what pyproject.toml asks of a lock."""
    texts = {
        "requirements.lock": PROJECT["project"]["dependencies"],
        "requirements-dev.lock": [*PROJECT["project"]["dependencies"], *GROUPS["build"], *GROUPS["dev"][1:]],
        "requirements-build.lock": GROUPS["build"],
        "requirements-mlops.lock": [
            *PROJECT["project"]["dependencies"],
            *EXTRAS["mlops"],
            *GROUPS["build"],
            *GROUPS["dev"][1:],
        ],
    }
    return [Requirement(text) for text in texts[lock]]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_satisfies_what_the_project_asks(lock: str) -> None:
    """Each dependency of pyproject.toml is pinned to a version that it allows; otherwise run `make lock`."""
    pins = {match["name"]: match["version"] for match in PIN.finditer((ROOT / lock).read_text())}

    unmet = [str(one) for one in wanted(lock) if one.name not in pins or pins[one.name] not in one.specifier]

    assert unmet == []


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_hashes_every_pin(lock: str) -> None:
    """No line installs something whose bytes are not known."""
    text = (ROOT / lock).read_text()

    pins = list(PIN.finditer(text))

    assert len(pins) == len(re.findall("^[a-z]", text, re.MULTILINE))
    assert [match["name"] for match in pins if "--hash=sha256:" not in match["rest"]] == []


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json", ".npmrc"])
def test_lock_names_no_registry(lock: str) -> None:
    """The locks hold for any mirror: no address is in them."""
    text = (ROOT / lock).read_text()

    assert "://" not in text
    assert "index-url" not in text


def test_development_lock_agrees_with_the_runtime_lock() -> None:
    """Tests run on the versions that are shipped."""
    shipped, tested = (
        {match["name"]: match["version"] for match in PIN.finditer((ROOT / lock).read_text())} for lock in LOCKS[:2]
    )

    assert shipped.items() <= tested.items()


def test_lock_of_the_extra_agrees_with_the_development_lock() -> None:
    """What is tested with the extra runs on the versions that everything else is tested on."""
    tested, extra = (
        {match["name"]: match["version"] for match in PIN.finditer((ROOT / f"requirements-{name}.lock").read_text())}
        for name in ("dev", "mlops")
    )

    assert tested.items() <= extra.items()


def test_stand_in_is_locked_by_its_hash() -> None:
    """The third-party stand-in is one version with one content."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    third_parties = {name: package for name, package in packages.items() if name}

    assert [name for name, one in third_parties.items() if not one["integrity"].startswith("sha512-")] == []
    assert "node_modules/local-slack-linux-x64" in third_parties
