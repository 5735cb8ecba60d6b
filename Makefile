# Every target sets itself up: Python 3.11 to 3.14 and make are all that a machine needs.
# Recipes use the shell's own words only, so they run where nothing else is on the PATH.

CANDIDATES := python3.13 python3.12 python3.11 python3.14 python3 python
USABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	if $$p -c "$(USABLE)" >/dev/null 2>&1; then echo $$p; break; fi; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test lint contracts docs bench torture reference

help:
	@echo 'make demo       set up, run the main scenario, print the comparison'
	@echo 'make test       set up, pass the tests'
	@echo 'make lint       ruff, mypy --strict and the import contracts'
	@echo 'make docs       rewrite the generated pages under docs/ and the JSON Schema'
	@echo 'make bench      print what a review costs, and how that compares'
	@echo 'make torture    the long kill and fuzz campaigns'
	@echo 'make reference  regenerate results/reference/ree-magnets'

demo: $(VENV)/core.stamp
	@TTY_COMPATIBLE=1 $(BIN)/monazite run scenarios/ree-magnets.yaml --overwrite
	@TTY_COMPATIBLE=1 $(BIN)/monazite compare scenarios/ree-magnets.yaml

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(VENV)/dev.stamp contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

contracts: $(VENV)/dev.stamp
	$(BIN)/lint-imports

docs: $(VENV)/dev.stamp
	$(BIN)/python docs/generate.py

bench: $(VENV)/bench.stamp
	$(BIN)/python -m benchmarks

torture: $(VENV)/dev.stamp
	MONAZITE_TORTURE=1 $(BIN)/python -m pytest

reference: $(VENV)/core.stamp
	$(BIN)/monazite run scenarios/ree-magnets.yaml --overwrite --out results/reference/ree-magnets

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo 'monazite needs Python 3.11 to 3.14 with its venv module; none is on the PATH.' >&2; \
		exit 2; fi
	@echo 'Setting up $(VENV) with $(PYTHON) (once) ...' >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/core.stamp: pyproject.toml | $(BIN)/python
	@echo 'Installing monazite (once) ...' >&2
	@$(PIP) --editable .
	@echo done > $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	@echo 'Installing monazite and what its tests need (once) ...' >&2
	@$(PIP) --editable '.[dev]'
	@echo done > $@
	@echo done > $(VENV)/core.stamp

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	@$(PIP) --editable '.[dev,bench]'
	@echo done > $@
