# Throughline: two commands matter, `make demo` and `make test`. Both make the environment first if it is not there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Where nothing compiled may be kept, each process that a test starts would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo test lint bench bench-national lock clean

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

install: $(READY) ## Make the environment in .venv from the locked dependencies

$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || (echo 'Making the environment needs the venv module (Debian: python3-venv).'; exit 1)
	@echo 'Installing the locked dependencies (the first time fetches about 220 MB) ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: install ## Database, made-up caseload, pages and scheduler; prints the address
	@$(BIN)/throughline demo $(if $(PORT),--port $(PORT)) $(if $(CASES),--cases $(CASES)) $(if $(HOME_DIR),--home "$(HOME_DIR)")

test: install ## Everything: lint, types, contracts, tests, browser journeys
	@bash tests/browser.sh
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint: install ## ruff, mypy --strict and the contracts between packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: install ## The benchmarks, in minutes
	@$(BIN)/python -m bench $(ARGS)

bench-national: install ## The benchmarks at the size of the nation: hours, and some 40 GB of disk
	@$(BIN)/python -m bench --events 30000000 $(ARGS)

lock: ## Resolve the dependencies again (for developers; needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --all-extras --group dev pyproject.toml -o requirements.lock

clean: ## Remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
