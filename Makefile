# Linli: `make up` runs it, `make test` checks it, `make help` lists the rest.

.DEFAULT_GOAL := help
.PHONY: help up test lint format docs bench lock clean

BIN := .venv/bin
SOURCES := chassis services gateway deploy

# The first of these that is Python 3.11 or newer with the venv module; PYTHON=... goes before them.
PYTHONS := $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3
FIND_PYTHON = for python in $(PYTHONS); do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then exec $$python deploy/local/install.py $(1) $@; fi; \
	done; \
	echo "Linli needs Python 3.11 or newer with its venv module; none of these is: $(PYTHONS)." \
		"Install it, or name it: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1

# What tests need contains what running needs, so an environment made for tests also runs.
RUNNING := $(if $(wildcard .venv/.dev),.venv/.dev,.venv/.local)

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: $(RUNNING) ## set up and run everything, with demonstration data; Ctrl-C stops it
	@exec $(BIN)/linli up --with-parent

test: .venv/.dev ## set up and pass every test; ARGS="tests/org -k duty" chooses
	@exec $(BIN)/pytest $(if $(ARGS),$(ARGS),--numprocesses=2 --dist=loadfile)

SCHEMAS := $(foreach service,org tickets credit property,$(service)=services/$(service)/contract/schema.graphql)

lint: .venv/.dev ## style, types, import contracts, size limits, contract files, one graph of all services
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m deploy.checks.structure $(SOURCES) tests
	$(BIN)/python -m deploy.checks.contracts
	$(BIN)/linli schema compose $(SCHEMAS) --out /dev/null

format: .venv/.dev ## put the source into the formatter's shape
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

docs: .venv/.dev ## write the pages and contract files that are made from the code
	$(BIN)/python -m deploy.checks.contracts write
	$(BIN)/python -m deploy.pages
	set -e; for service in org tickets credit property; do \
		$(BIN)/python -m services.$$service.main schema > services/$$service/contract/schema.graphql; \
		$(BIN)/python -m services.$$service.main asyncapi > services/$$service/contract/asyncapi.yaml; \
	done

bench: .venv/.dev ## measure everything beside its peers and limits, in some minutes; ARGS="--only linli" chooses gateways
	@status=0; $(BIN)/python -m tests.bench.gateway $(ARGS) || status=1; \
	for part in gateway.executors events credit property city; do $(BIN)/python -m tests.bench.$$part || status=1; done; \
	exit $$status

COMPILE = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --quiet

lock: .venv/.dev ## pin the newest versions of all packages in requirements/
	$(COMPILE) --upgrade --extra lint --extra build --extra lock --output-file requirements/dev.txt
	$(COMPILE) -c requirements/dev.txt --extra local --extra build --output-file requirements/local.txt
	$(COMPILE) -c requirements/dev.txt --extra org --extra tickets --extra credit --extra property --output-file requirements/service.txt
	$(COMPILE) -c requirements/dev.txt --extra gateway --output-file requirements/gateway.txt

clean: ## remove the environment and caches; the data in .linli stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.local: requirements/local.txt pyproject.toml
	@$(call FIND_PYTHON,requirements/local.txt)

.venv/.dev: requirements/dev.txt pyproject.toml
	@$(call FIND_PYTHON,requirements/dev.txt)
