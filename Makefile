# `make apply` and `make test` need git, make and Python 3.11 or newer; each makes what it needs.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HUB ?= hubs/ops

# What the tests run for real, and the Debian packages that have it.
SERVICES := docker-registry=docker-registry nginx=nginx-light nsd=nsd
TOOLS := /usr/lib/postgresql/15/bin/postgres=postgresql-15 pass=pass gpg=gnupg openssl=openssl curl=curl jq=jq \
  node=nodejs npm=npm

.PHONY: help apply demo test lint types unit test-lowest bench format clean soak

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

# Debian's python3 comes without the module that makes environments; root can add it.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) 2>/dev/null || { \
	  rm -rf $(VENV); \
	  test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null; \
	  $(PYTHON) -m venv $(VENV); }
endef

$(VENV)/.run: pyproject.toml constraints.txt
	$(environment)
	@echo "installing vsmhub into $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[local]'
	@touch $@

$(VENV)/.test: $(VENV)/.run tests/system-packages
	@echo "installing what the tests need ..."
	@tests/system-packages $(SERVICES) $(TOOLS)
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[local,keyring,observe,worker,test]'
	@touch $@

apply: $(VENV)/.run ## Bootstrap ops-hub into the embedded Inter-Hub
	@$(BIN)/vsmhub apply $(HUB) --yes

$(VENV)/.demo: $(VENV)/.run tests/system-packages
	@tests/system-packages docker-registry=docker-registry
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[local,observe]'
	@touch $@

demo: $(VENV)/.demo ## Show a registry observed, its gates unknown, passed, failed and stale, in less than a minute
	@PATH="$(CURDIR)/$(BIN):$$PATH" docs/demo/run

test: lint types unit ## Run everything: lint, format, types, tests with coverage, drift

lint: $(VENV)/.test ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.test ## Check types strictly
	@$(BIN)/mypy

unit: $(VENV)/.test ## Run the tests with branch coverage
	@$(BIN)/pytest -n 2 --dist worksteal --cov --cov-report=

test-lowest: pyproject.toml ## Run the tests with the lowest versions that pyproject.toml admits
	@$(PYTHON) -m venv $(VENV)-lowest
	@$(PYTHON) tests/lower_bounds.py > $(VENV)-lowest/constraints.txt
	@$(VENV)-lowest/bin/pip install --quiet --disable-pip-version-check --constraint $(VENV)-lowest/constraints.txt \
	  --editable '.[local,keyring,observe,worker,test]'
	@$(VENV)-lowest/bin/pytest -n 2 --dist worksteal

bench: $(VENV)/.test ## Measure what is promised about speed, and write docs/benchmarks.md
	@tests/system-packages wrk=wrk prometheus-blackbox-exporter=prometheus-blackbox-exporter
	@$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@$(BIN)/python -m benchmarks --keep

soak: $(VENV)/.test ## Kill emitters and servers while 100,000 events pass; takes minutes
	@VSMHUB_FAULT_SCHEDULES=400 $(BIN)/pytest -q tests/plan/test_faulty_applies.py
	@VSMHUB_SOAK_EVENTS=100000 $(BIN)/pytest -q -s tests/evidence/test_delivery.py -k killed

format: $(VENV)/.test ## Format the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

clean: ## Remove what was made here
	@rm -rf $(VENV) $(VENV)-lowest .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* dist
