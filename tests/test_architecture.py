"""The house stands: imports go down only, the middle floors load no third party, nothing grows too long."""

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SOURCES = sorted(path for package in ("analysis", "bot") for path in (ROOT / package).rglob("*.py"))

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50

# Imports a package with all its modules and prints what that added to a fresh interpreter.
LIST_WHAT_LOADS = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(package, "__path__", []), package.__name__ + "."):
    importlib.import_module(module.name)
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""


def test_imports_keep_every_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """Every import contract of pyproject.toml is kept."""
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("package", ["analysis", "bot.ports", "bot.usecases"])
def test_middle_floors_load_no_third_party(package: str) -> None:
    """Importing every module of the package loads the standard library and our own floors below, nothing else."""
    fresh = [sys.executable, "-c", LIST_WHAT_LOADS, package]

    result = subprocess.run(fresh, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
    assert set(json.loads(result.stdout)) - sys.stdlib_module_names - {"analysis", "bot"} == set()


@pytest.mark.parametrize("contract_id", ["analysis-pure", "middle-pure"])
def test_forbidden_third_parties_name_every_dependency(contract_id: str) -> None:
    """A new dependency cannot be forgotten in the contracts that forbid them."""
    contracts = {one["id"]: one for one in PROJECT["tool"]["importlinter"]["contracts"]}
    names = {Requirement(text).name.lower() for text in PROJECT["project"]["dependencies"]}

    imported = {
        module
        for module, distributions in packages_distributions().items()
        if names & {one.lower().replace("_", "-") for one in distributions} and not module.startswith("_")
    }

    assert imported <= set(contracts[contract_id]["forbidden_modules"])


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_sources_stay_short(path: Path) -> None:
    """A file has one subject and a function does one thing: past the hard stops neither can be true."""
    text = path.read_text()

    long = [name for name, lines in _functions(text) if lines > MOST_LINES_OF_A_FUNCTION]

    assert long == []
    assert len(text.splitlines()) <= MOST_LINES_OF_A_FILE


def _functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield node.name, node.end_lineno - node.lineno + 1
