"""The house stands: imports go down only, the middle floors load no third party, nothing grows too long."""

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SOURCES = sorted(path for package in ("analysis", "bot") for path in (ROOT / package).rglob("*.py"))

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50

# The third parties that each room may know; a room not named here may know none.
VENDORS = {
    "analysis": {"numpy", "pandas", "scipy", "sklearn"},
    "bot.settings": {"pydantic", "pydantic_settings"},
    "bot.slack": {"slack_bolt", "slack_sdk", "websocket"},
    "bot.web": {"fastapi", "httptools", "starlette", "uvicorn"},
    "bot.store": {"alembic", "cryptography", "psycopg", "sqlalchemy", "sqlmodel", "uuid_utils"},
    "bot.llm": {"httpx2", "openai", "pydantic"},
    "bot.pager": {"pydantic"},
    "bot.render": {"jinja2", "markdown_it", "markupsafe"},
    "bot.tracking": {"mlflow"},
    "bot.telemetry": {"prometheus_client", "pythonjsonlogger"},
    "bot.cli": {"pydantic", "rich", "typer"},
}
# The rooms that people and schedules come in by: only they, and what builds them, know the use cases.
DOORS = {
    "bot.slack",
    "bot.web",
    "bot.flows",
    "bot.app",
    "bot.audited",
    "bot.late",
    "bot.parts",
    "bot.watched",
    "bot.cli",
    "bot.usecases",
}

# Imports a package with all its modules in a fresh interpreter and prints which installed modules that loaded.
LIST_WHAT_LOADS = """
import importlib, json, pkgutil, sys, sysconfig
before = set(sys.modules)
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
installed = tuple(sysconfig.get_path(name) for name in ("purelib", "platlib"))
files = {name: getattr(sys.modules[name], "__file__", None) or "" for name in set(sys.modules) - before}
print(json.dumps(sorted(name for name, file in files.items() if file.startswith(installed))))
"""


def test_imports_keep_every_contract() -> None:
    """Every import contract of pyproject.toml is kept."""
    # A process of its own: the linter switches off the loggers of whoever has imported it.
    linter = Path(sys.executable).parent / "lint-imports"

    linted = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout


@pytest.fixture(scope="module")
def imports() -> set[tuple[str, str]]:
    """Return every import as a pair of the importing room and the imported module."""
    graph = grimp.build_graph("analysis", "bot", include_external_packages=True, cache_dir=None)
    return {
        (room(module), imported)
        for module in graph.modules
        if module.startswith(("analysis.", "bot."))
        for imported in graph.find_modules_directly_imported_by(module)
    }


def test_rooms_know_their_own_vendors_only(imports: set[tuple[str, str]]) -> None:
    """About one vendor a room, so that one can be replaced by changing one room."""
    known = sys.stdlib_module_names | {"analysis", "bot"}

    strangers = {
        (importer, imported)
        for importer, imported in imports
        if imported.partition(".")[0] not in known | VENDORS.get(importer, set())
    }

    assert strangers == set()


def test_use_cases_are_known_to_the_doors_only(imports: set[tuple[str, str]]) -> None:
    """Storing, rendering, publishing and telemetry serve the use cases and never call them."""
    importers = {importer for importer, imported in imports if room(imported) == "bot.usecases"}

    assert importers - DOORS == set()


@pytest.mark.parametrize("package", ["analysis", "bot.ports", "bot.usecases"])
def test_middle_floors_load_no_third_party(package: str) -> None:
    """Importing every module of the package loads the standard library and our own floors below, nothing else."""
    result = list_what_loads(package)

    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == []


@pytest.mark.thorough
def test_installed_modules_are_told_from_the_standard_library() -> None:
    """The list above is not empty by mistake: a floor that may load pydantic is seen to load it."""
    result = list_what_loads("bot.store")

    assert result.returncode == 0, result.stderr
    assert {"pydantic", "sqlmodel"} <= set(json.loads(result.stdout))


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


def test_sources_stay_short() -> None:
    """A file has one subject and a function does one thing: past the hard stops neither can be true."""
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in SOURCES}

    long_functions = [
        f"{path}: {name}"
        for path, text in texts.items()
        for name, lines in functions(text)
        if lines > MOST_LINES_OF_A_FUNCTION
    ]
    long_files = [path for path, text in texts.items() if len(text.splitlines()) > MOST_LINES_OF_A_FILE]

    assert texts
    assert long_functions == []
    assert long_files == []


def room(module: str) -> str:
    """Return the part of the house that a module stands in."""
    return ".".join(module.split(".")[:2]) if module.startswith("bot.") else module.partition(".")[0]


def list_what_loads(package: str) -> subprocess.CompletedProcess[str]:
    """Run LIST_WHAT_LOADS on a package of ours."""
    fresh = [sys.executable, "-c", LIST_WHAT_LOADS, package]
    return subprocess.run(fresh, cwd=ROOT, capture_output=True, text=True, check=False)


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Yield each function of a source text with its number of lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield node.name, node.end_lineno - node.lineno + 1
