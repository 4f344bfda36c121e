# `make` lists what there is. `make demo` and `make test` do all their own set-up.

PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
RANDOM_KEY := $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))'
quietly = output=$$($(1) 2>&1) || { echo "$$output" >&2; exit 1; } # shows what a command says only if it fails

.PHONY: help
help:
	@echo "make demo      the blog with demo content and accounts, on http://127.0.0.1:8000/"
	@echo "make test      every check and every test"
	@echo "make check     format, lint, types, imports, templates, migrations, deployment"
	@echo "make format    put code and templates into shape"
	@echo "make messages  the strings to translate into locale/, and the translations compiled (needs gettext)"
	@echo "make pictures  the pictures in the documents, from the demo (two minutes)"
	@echo "make bench     what a request costs, with 1,000 posts and 20,000 comments"
	@echo "make bench-queue  what the moderation queue costs, with 20,000 to a million comments (three minutes, 3 GB)"
	@echo "make env       the environment in .venv/ alone"

# The environment is made again when the lock changes; a copy of the lock says what it was made from.
.PHONY: env
env:
	@cmp -s requirements-dev.lock .venv/made-from.lock || $(MAKE) --no-print-directory .venv

.PHONY: .venv
.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Tumen needs Python 3.11 or newer; name one with: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ [ "$$(id -u)" = 0 ] && apt-get install -qq --yes python3-venv >/dev/null; } || \
		{ echo "Tumen needs Python's venv module; on Debian: apt install python3-venv" >&2; exit 1; }
	@echo "Making the environment in .venv/ …"
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@cp requirements-dev.lock .venv/made-from.lock

# A site of one's own settings, in .env, is shown as it is; without one the demo makes a key and runs locally.
.PHONY: demo
demo: env var/demo.env
	@set -a; [ -e .env ] || . var/demo.env; \
	$(MANAGE) migrate --verbosity 0 && \
	$(MANAGE) collectstatic --verbosity 0 --no-input && \
	$(MANAGE) demo && \
	exec $(MANAGE) serve

var/demo.env: | env
	@mkdir -p var
	@umask 077; echo "SECRET_KEY=$$($(RANDOM_KEY))" > $@
	@echo 'SITE_URL=$${SITE_URL:-http://127.0.0.1:8000}' >> $@

# Checks and tests need settings, not a site: these are no secret.
check format messages test bench bench-queue: export SITE_URL ?= http://127.0.0.1:8000
check format messages test bench bench-queue: export SECRET_KEY ?= a key for checks and tests only, known to everybody who reads this
TEMPLATES = $$(find templates -name '*.html' -o -name '*.txt' -o -name '*.xml')

.PHONY: test
test: env chromium check
	@$(BIN)/pytest -n auto --maxprocesses 4

.PHONY: check
check: env
	@$(BIN)/ruff format --quiet --check . || { echo "Not in shape: run make format" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(call quietly,$(BIN)/djade --check --target-version 5.2 $(TEMPLATES))
	@$(call quietly,$(BIN)/mypy)
	@$(call quietly,$(BIN)/lint-imports --no-logo)
	@$(call quietly,$(MANAGE) makemigrations --check --dry-run)
	@export SITE_URL=https://example.org SECRET_KEY=$$($(RANDOM_KEY)) DATABASE_URL=sqlite://:memory:; \
		$(call quietly,$(MANAGE) check --deploy --database default --fail-level WARNING)

.PHONY: format
format: env
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/djade --target-version 5.2 $(TEMPLATES)

.PHONY: messages
messages: env
	@$(MANAGE) makemessages --locale ko --no-location --no-obsolete --ignore bench --ignore tests --ignore var
	@$(MANAGE) compilemessages --locale ko --ignore .venv

.PHONY: pictures
pictures: env chromium
	@$(BIN)/python docs/pictures.py

.PHONY: bench
bench: env
	@$(BIN)/python bench/bench.py

.PHONY: bench-queue
bench-queue: env
	@$(BIN)/python bench/queue_bench.py

# The Chromium on PATH, else Playwright's download, else (as root) Debian's package. Playwright itself needs libatomic.
.PHONY: chromium
chromium: env
	@$(BIN)/python -m tests.browser.chromium 2>/dev/null || \
	{ echo "Fetching Chromium …"; $(BIN)/playwright install chromium >/dev/null 2>&1 && \
		$(BIN)/python -m tests.browser.chromium 2>/dev/null; } || \
	{ [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq --yes chromium libatomic1 >/dev/null && \
		$(BIN)/python -m tests.browser.chromium; } || \
	{ echo "The tests need Chromium: put one on PATH (on Debian: apt install chromium libatomic1)" >&2; exit 1; }
