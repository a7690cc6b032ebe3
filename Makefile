# Everything a developer or a new machine runs. Needs Python 3.11 or newer, make and git; nothing else, and no root.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DJANGO := $(BIN)/python manage.py
BENCH ?= check
# 1 is the size of the country
DEMO_SCALE ?= 1
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml
# a process for each core: more would only take turns; beyond eight none gains
PYTEST_OPTIONS ?= -n $(shell $(PYTHON) -c 'import os; print(min(os.cpu_count() or 1, 8))')

# a dozen processes start from the same code: none shall have to compile it anew
unexport PYTHONDONTWRITEBYTECODE

# the processes of the tests share the cores: threads of polars in each would only wait for one another
test test-stack fuzz: export POLARS_MAX_THREADS ?= 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-dev run test test-stack fuzz lint types contracts check bench wheel messages lock clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(VENV)/.runtime .cache/frontend .cache/messages ## make the virtual environment, front-end files and catalogues

setup-dev: $(VENV)/.dev .cache/frontend .cache/messages

# The stamps say which lock was installed last; the development lock holds everything of the other.
$(VENV)/.uv: requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit("Gongwang needs Python 3.11 or newer: make PYTHON=...") if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@touch $@

$(VENV)/.runtime: requirements.lock $(VENV)/.uv
	@test -e $(VENV)/.dev || $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements-bootstrap.lock requirements.lock
	@if test -e $(VENV)/.dev; then $(MAKE) --no-print-directory $(VENV)/.dev; fi
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.uv
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements-bootstrap.lock requirements-dev.lock
	@touch $@ $(VENV)/.runtime

$(VENV)/.bench: requirements-bench.lock $(VENV)/.dev
	@$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements-bootstrap.lock requirements-bench.lock
	@touch $@

.cache/frontend: frontend/package-lock.json frontend/build.py | $(VENV)/.runtime
	@mkdir -p .cache
	@$(BIN)/python frontend/build.py
	@touch $@

.cache/messages: $(wildcard */locale/zh_Hans/LC_MESSAGES/django.po) | $(VENV)/.runtime
	@mkdir -p .cache
	@$(DJANGO) messages --compile
	@touch $@

run: setup ## run everything on this machine until Ctrl-C; PORT, DATA_DIR and DEMO_SCALE (1 is the country's size) may be set
	@exec $(DJANGO) up --demo="--scale $(DEMO_SCALE)"

test: setup-dev ## all tests but those of the running stack, beside a private PostgreSQL and Redis; or those named by TESTS
	@exec $(DJANGO) with_stack --data-dir .data/test -- $(BIN)/pytest $(PYTEST_OPTIONS) $(or $(TESTS),-m "not stack")

# a process for each of the stacks that they are dealt to, see tests/scheduling.py
test-stack: setup-dev ## the tests of the running stack: in a browser, in both languages; started, stopped and killed
	@exec $(DJANGO) with_stack --data-dir .data/test -- $(BIN)/pytest -n 2 -m stack

# `make test` runs 300 of them
fuzz: export FUZZ_RUNS ?= 5000
fuzz: setup-dev ## files damaged at random, FUZZ_RUNS of them: each check has to end with findings
	$(BIN)/pytest $(PYTEST_OPTIONS) tests/validation/test_fuzz.py

lint: setup-dev ## style
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: setup-dev ## types
	$(BIN)/mypy

contracts: setup-dev ## which package may import which
	$(BIN)/lint-imports

check: setup-dev lint types contracts ## all that .ci/run checks besides the tests
	$(DJANGO) makemigrations --check --dry-run
	$(DJANGO) messages --check
	.ci/check-production

bench: setup-dev $(VENV)/.bench ## a measurement of benchmarks/, e.g. make bench BENCH='check --rows 100000'
	$(DJANGO) with_stack --data-dir .data/bench/$(firstword $(BENCH)) -- $(BIN)/python -m benchmarks.$(BENCH)

wheel: setup-dev ## the engine alone as a wheel, in dist/
	$(BIN)/python packaging/gongwang-validate/build.py dist

messages: setup-dev ## collect texts into the Chinese catalogues
	$(DJANGO) messages

lock: $(VENV)/.uv ## make the lock files anew from pyproject.toml, for every platform
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -o requirements-dev.lock
	$(LOCK) --group bench -o requirements-bench.lock

clean: ## remove everything made here, the data too
	rm -rf $(VENV) .cache .data dist frontend/dist frontend/node_modules staticfiles
