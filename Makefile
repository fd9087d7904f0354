# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test check golden docs bench wheel

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

run: .venv/.ready ## set up, audit seeds/, say where the report is
	$(BIN)/corpus-audit run seeds --fail-on never

test: check ## set up, prove everything
	$(BIN)/python -m pytest

check: .venv/.ready ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

golden: .venv/.ready ## write the golden files anew; review the diff
	$(BIN)/python -m tests.golden

docs: .venv/.ready ## write docs/cli.md from --help
	$(BIN)/python docs/cli.py

bench: .venv/.ready ## speed and accuracy, with machine and commit
	$(BIN)/python benchmarks/bench.py

wheel: .venv/.ready ## build the wheel into dist/
	$(BIN)/python -m build --wheel
