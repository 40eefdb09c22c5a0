# Two commands matter: `make run` and `make test`. Each sets up what it needs.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

# The first Python that is new enough; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)

.PHONY: help run test ops-test check lint format wheel image lock bench clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.ready ## set up, start a private PostgreSQL, fill an empty board with a demo, and serve it
	@exec $(BIN)/board run

test: $(VENV)/.ready-to-test ## set up and pass the whole suite, browser tests included
	@$(BIN)/python -m pytest $(ARGS)

POST_PICTURES = tests/test_images*.py tests/test_storage.py tests/test_jobs*.py tests/test_messages_*.py tests/test_threads_*.py
POST_PICTURES += tests/test_backups.py tests/test_backups_damaged.py tests/test_backups_drill.py
ops-test: $(VENV)/.ready-for-ops ## build the image and play the pod, for real: root on Debian, a few minutes
	@$(BIN)/python -m pytest tests/ops $(ARGS)
	@$(BIN)/python -m pytest --storage s3 $(POST_PICTURES) $(ARGS)

check: lint test ## the whole gate: format, lint, types, tests, guards

lint: $(VENV)/.ready-to-test ## format, lint and types alone
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(VENV)/.ready-to-test ## format the code and mend what lint can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.ready-to-test ## load a big board and print Board's speed as ratios
	@$(BIN)/python -m bench $(ARGS)

wheel: $(VENV)/.ready-to-test ## build dist/board-*.whl
	@$(BIN)/python -m build --wheel --no-isolation

DOCKER ?= $(shell command -v docker || command -v podman)
image: ## build the image board:VERSION with docker or podman
	@version=$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' board/__init__.py); \
	$(DOCKER) build -t "board:$$version" --build-arg "VERSION=$$version" --build-arg "REVISION=$$(git rev-parse HEAD)" .

# UPGRADE= adds what pyproject.toml newly asks for, and leaves the other versions as they are.
UPGRADE ?= --upgrade
COMPILE = $(UV) pip compile -q $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --extra embedded --extra traces
lock: $(VENV)/.ready-to-test ## resolve the lock files anew: names, versions and hashes only
	@$(COMPILE) --group setup -o requirements.lock pyproject.toml
	@$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	@$(COMPILE) --group ops -c requirements-dev.lock -o requirements-ops.lock pyproject.toml
	@echo uv | $(UV) pip compile -q $(UPGRADE) --universal --generate-hashes --no-header --no-annotate --no-emit-index-url -o requirements-uv.lock -

clean: ## remove the environment and what was built; the data folder stays
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache

# uv installs the locked set in seconds, where pip takes a minute.
$(UV): requirements-uv.lock
	@test -n "$(PYTHON)" || { echo "Board needs Python 3.11 or newer: install one, or say make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python could not make a virtual environment: on Debian and Ubuntu install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/.ready: $(UV) requirements.lock pyproject.toml
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-to-test: $(UV) requirements-dev.lock pyproject.toml
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready

$(VENV)/.ready-for-ops: $(UV) requirements-ops.lock pyproject.toml
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements-ops.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready-to-test $(VENV)/.ready
