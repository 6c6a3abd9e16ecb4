# Debrief's house work. `make` alone lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-headless test test-thorough test-mlops check format lock serve system-packages clean

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
PYTHON ?= $(shell for one in python3 python3.13 python3.12 python3.11; do \
	$$one -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$one && break; done)
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input
# Tests start many programs of ours: each would compile everything anew where Python is told to keep no bytecode.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --dist worksteal
NPM_CI := npm ci --silent --no-audit --no-fund

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.locked ## install exactly what the lock names into .venv (every other target does this by itself)
	@:

demo: setup node_modules/.locked ## live through a real incident in a Slack stand-in in the browser, and approve its postmortem
	@$(BIN)/python -m demo.run

demo-headless: setup node_modules/.locked ## the same without a browser: scripted people act, and the whole path is asserted
	@$(BIN)/python -m demo.run --headless

test: setup node_modules/.locked system-packages ## run every test (PYTEST_ARGS="-k word" to choose)
	@$(PYTEST) -n 3 $(PYTEST_ARGS)

test-thorough: setup node_modules/.locked system-packages ## what the tests try less of: every example, table and kill
	@$(PYTEST) -n 2 --hypothesis-profile=thorough -m "(hypothesis or thorough) and not slow" $(PYTEST_ARGS)

test-mlops: .venv-mlops/.locked ## the tests of the extra mlops, in an environment of its own
	@.venv-mlops/bin/python -c 'import mlflow' && .venv-mlops/bin/python -m pytest -m mlops tests/bot/tracking $(PYTEST_ARGS)

check: setup ## lint, format, types and import contracts, changing nothing
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && echo "ruff: clean"
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: setup ## sort imports and format
	@$(BIN)/ruff check --quiet --select I --fix . && $(BIN)/ruff format --quiet .

serve: setup ## run the bot with the settings of the environment
	@$(BIN)/debrief serve

lock: ## pin every dependency anew within pyproject.toml (UPGRADE=1 takes newer versions)
	@$(require-python)
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && $(PYTHON) -m venv "$$tools" \
	&& "$$tools/bin/python" -m pip install -qq --disable-pip-version-check uv==$(UV_VERSION) \
	&& compile="$$tools/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)" \
	&& $$compile pyproject.toml -o requirements.lock \
	&& $$compile pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock \
	&& $$compile --group build -c requirements-dev.lock -o requirements-build.lock \
	&& $$compile pyproject.toml --extra mlops --group dev -c requirements-dev.lock -o requirements-mlops.lock
	@grep -c '^[a-z]' requirements.lock requirements-dev.lock requirements-build.lock requirements-mlops.lock

clean: ## remove what set-up and tools left
	@rm -rf $(VENV) .venv-mlops node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

# ---------------------------------------------------------------- set-up, done once and again when a lock changes

$(VENV)/.locked: requirements-dev.lock pyproject.toml
	@$(require-python)
	@echo "Setting up $(VENV) from requirements-dev.lock: a minute or two, once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv-mlops/.locked: requirements-mlops.lock pyproject.toml
	@$(require-python)
	@echo "Setting up .venv-mlops from requirements-mlops.lock: a minute or two, once."
	@test -x .venv-mlops/bin/python || $(PYTHON) -m venv .venv-mlops
	@.venv-mlops/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements-mlops.lock
	@.venv-mlops/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	@touch $@

# The stand-in is optional: without it the tests that need it are skipped by name, and the demo says what is missing.
node_modules/.locked: package-lock.json .npmrc
	@if ! command -v npm >/dev/null; then \
		echo "npm is missing: tests marked standin will be skipped, and the demo offers a replay instead."; \
	elif echo "Installing the Slack stand-in from package-lock.json: about 95 MB, once." && $(NPM_CI); then \
		mkdir -p node_modules && touch $@; \
	else \
		echo "The Slack stand-in could not be installed: tests marked standin will be skipped. Try: npm ci"; \
	fi

# Debian's Chromium is what the page tests and the pictures use, its Prometheus and Alertmanager send real alerts.
system-packages:
	@missing=; \
	for one in chromium prometheus prometheus-alertmanager; do \
		command -v $$one >/dev/null || missing="$$missing $$one"; \
	done; \
	if command -v chromium-browser || command -v google-chrome; then missing=$${missing# chromium}; fi >/dev/null; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing the Debian packages$$missing"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq -y --no-install-recommends $$missing >/dev/null && exit 0; \
	fi; \
	for one in $$missing; do \
		echo "The package $$one is missing: tests marked $${one%-alertmanager} will be skipped. Install it to run them."; \
	done

define require-python
test -n "$(PYTHON)" || { echo "Debrief needs Python 3.11, 3.12 or 3.13, and none is on PATH. \
Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make a virtual environment: its venv module \
is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
endef
