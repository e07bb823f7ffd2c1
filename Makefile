# Two commands matter: `make run` and `make test`. Both work on a fresh machine with Python 3.11+ and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-15 test-n8n sequences isolation check bench lock schema release-schema clean help pdf-libraries

help:  ## what there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run pdf-libraries  ## the whole product on an embedded PostgreSQL with demo data; PORT=8000
	@$(BIN)/python -m app serve

# How many processes test at once, each with a PostgreSQL of its own.
WORKERS ?= 2

test: $(VENV)/.dev pdf-libraries  ## every test, on a real PostgreSQL; WORKERS=2
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

# What depends on the server: statements, policies, functions, and every path that leads to them.
ON_15 := tests/audit tests/db tests/graphql_api tests/loaders tests/passwords tests/resolvers tests/service_keys

test-15: $(VENV)/.dev  ## what depends on the server, on PostgreSQL 15 from Debian's packages
	@tests/on_postgresql_15.sh $(BIN)/python -m pytest $(ON_15)

N8N_FOLDER ?= .data/n8n

test-n8n: $(VENV)/.dev  ## help shown with a real n8n, installed from npm (1.4 GB)
	@$(BIN)/python -m tests.n8n $(N8N_FOLDER)

sequences: $(VENV)/.dev  ## a thousand edit sequences against the reference model of history; the tests draw sixty
	@EDIT_SEQUENCES=1000 $(BIN)/python -m pytest tests/history/test_edit_sequences.py -n $(WORKERS)

isolation: $(VENV)/.dev  ## ask everything as everybody and write docs/isolation.md; the tests ask a part
	@ISOLATION_SHARE=1 UPDATE_ISOLATION=1 $(BIN)/python -m pytest tests/isolation

check: $(VENV)/.dev  ## format, lint, types, import contracts, schema drift, changes that break clients
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/mypy docs/clients/python
	@$(BIN)/lint-imports
	@$(BIN)/python -m app catalogue check
	@$(BIN)/python -m app schema | diff -u schema.graphql - || (echo "schema.graphql is not current: run 'make schema'"; exit 1)
	@$(BIN)/python -m app schema check

bench: $(VENV)/.dev  ## speed against peers, as ratios; QUICK=1 ends within five minutes
	@$(BIN)/python -m bench

schema: $(VENV)/.dev  ## write schema.graphql
	@$(BIN)/python -m app schema > schema.graphql

release-schema: $(VENV)/.dev  ## make the schema the one that clients have, which later ones are held against
	@$(BIN)/python -m app schema release

lock: $(VENV)/.dev  ## resolve pyproject.toml anew into the lock files
	@$(BIN)/pip install --quiet uv==0.13.8
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-find-links --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.lock

# What Python's packages do not bring: without it everything runs but PDF, which says so.
PDF_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-color-emoji

pdf-libraries:
	@if [ "$$(uname)" = Linux ] && ! (ldconfig -p | grep -q libpangoft2-1.0 && ls /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf) >/dev/null 2>&1; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "  installing the libraries and fonts of PDF"; \
	    (apt-get update -qq && apt-get install -y -qq --no-install-recommends $(PDF_PACKAGES)) >/dev/null 2>&1 || echo "  they cannot be had here; everything runs but PDF"; \
	  else \
	    echo "  PDF needs: sudo apt-get install --no-install-recommends $(PDF_PACKAGES)"; \
	  fi; \
	fi

clean:  ## forget the virtual environment and the embedded database
	rm -rf $(VENV) .data

# Python compiles what it imports when it does: most of what the packages bring is never imported.
PIP_OPTIONS := --quiet --disable-pip-version-check --no-compile --require-hashes

$(VENV)/.run: requirements.lock
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV) || (echo "Python's venv module is missing. Install it: apt-get install python3-venv"; exit 1)
	@echo "  installing the pinned packages"
	@$(BIN)/python -m pip install $(PIP_OPTIONS) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "  installing the pinned packages for tests and checks"
	@$(BIN)/python -m pip install $(PIP_OPTIONS) -r requirements-dev.lock
	@touch $@
