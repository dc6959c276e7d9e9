# Two commands set everything up: `make run` and `make test`. Each makes .venv when it is missing or out of date.
PY := .venv/bin/python
PYTHON ?= python3

.PHONY: run test lint types texts bench soak lock clean

run: .venv/.core
	$(PY) -m bot run

# Types are looked at while the tests begin: one core would be idle else.
test: .venv/.dev tests/judges/node_modules
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	$(PY) -m mypy & types=$$!; $(PY) -m pytest -n 4 --dist load --maxschedchunk 1; tests=$$?; wait $$types && exit $$tests

lint: .venv/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports

types: .venv/.dev
	$(PY) -m mypy

texts: .venv/.dev
	$(PY) -m pytest -q tests/test_texts.py

# About half an hour on two cores; docs/reliability.md says what each row is and which variables make it shorter.
soak: .venv/.dev
	WORKING_TIME_EXAMPLES=$${WORKING_TIME_EXAMPLES:-12500} $(PY) -m pytest -q -m "soak or sampled" -n 2 --dist load --maxschedchunk 1

bench: .venv/.dev
	$(PY) -m benchmarks

# The lock files name no index: the hashes say what may be installed, wherever it comes from.
lock: .venv/.dev
	$(PY) -m uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.core: requirements.lock | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/.dev: requirements-dev.lock requirements.lock | .venv/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch .venv/.core $@

# Implementations of others that tests hold ours against; a wheel carries the node that runs them.
tests/judges/node_modules: tests/judges/package-lock.json .venv/.dev
	.venv/bin/npm ci --prefix tests/judges --silent --no-audit --no-fund --ignore-scripts
	touch $@

clean:
	rm -rf tests/judges/node_modules .venv .pytest_cache .mypy_cache .ruff_cache
