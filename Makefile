PYTHON ?= python3
BIN := .venv/bin

.PHONY: env
env: .venv/installed

.venv/installed: requirements-dev.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
