# Everything runs in .venv, which is made at the first use and again when its inputs change.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := openapi mock_server contracts understudy tests benchmarks
# Two workers: more gain nothing on the two cores of CI.
PYTEST := $(BIN)/python -m pytest -n 2

.PHONY: serve test nightly check style types layers bench format lock clean

serve: .venv/serve.stamp  ## Serve the built-in APIs on 127.0.0.1:8080
	$(BIN)/understudy serve

test: .venv/develop.stamp  ## All tests but the deep ones
	$(PYTEST) -m "not nightly" --cov --cov-report=term

nightly: .venv/develop.stamp  ## The deep tests: Schemathesis with 200 examples an operation
	$(PYTEST) -m nightly

check: style types layers test  ## What must be green at every commit

style: .venv/develop.stamp
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: .venv/develop.stamp
	$(BIN)/mypy

layers: .venv/develop.stamp
	$(BIN)/lint-imports

bench: .venv/develop.stamp  ## The figures to hold, beside others that are installed
	$(BIN)/python -m benchmarks.links
	$(BIN)/python -m benchmarks.footprint
	$(BIN)/python -m benchmarks.rows
	$(BIN)/python benchmarks/startup.py

format: .venv/develop.stamp
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

lock:  ## Write the versions of a fresh environment to constraints.txt
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/pip install --quiet --editable '.[check,dev]'
	.venv/lock/bin/pip freeze --exclude-editable > constraints.txt
	rm -rf .venv/lock

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage*

.venv/serve.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

.venv/develop.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[check,dev]'
	touch $@ .venv/serve.stamp
