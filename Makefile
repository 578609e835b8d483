# Mshauri. `make help` lists what can be made; python3 (3.11 or newer) is all it needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A CSV file of facilities that `make demo` imports too.
FACILITIES ?=
# One programme, or several, that `make demo` plays instead of all.
PROGRAMME ?=
# More arguments for the program a target runs: `make test ARGS=tests/unit`.
ARGS ?=

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed

$(RUNTIME): requirements/build.txt requirements/embedded.txt pyproject.toml
	@test -x $(BIN)/python || { echo "making $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "installing what Mshauri runs on (once)"
	@$(INSTALL) -r requirements/build.txt -r requirements/embedded.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "installing what Mshauri is tested with (once)"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

# ── use ───────────────────────────────────────────────────────────────────────────────────────

.PHONY: demo
demo: $(RUNTIME) ## Run five programmes and a county's year, and print a page of each (PROGRAMME=kenya-hrh one of them; FACILITIES=list.csv)
	@$(BIN)/mshauri demo $(foreach one,$(PROGRAMME),--programme $(one)) $(if $(FACILITIES),--facilities $(FACILITIES)) $(ARGS)

.PHONY: up
up: $(RUNTIME) ## Start the stack here and keep it until Ctrl-C (ARGS="--gateway-port 9000")
	@$(BIN)/mshauri up $(ARGS)

# ── develop ───────────────────────────────────────────────────────────────────────────────────

.PHONY: setup
setup: $(DEV) ## Make .venv and install everything, pinned and hashed

.PHONY: test
test: $(DEV) ## Run every test against real servers (ARGS="tests/unit -k name" for some)
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

.PHONY: lint
lint: $(DEV) ## Check style (ruff), types (mypy) and the architecture's borders (import-linter)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: format
format: $(DEV) ## Put the code into its style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: schema
schema: $(DEV) ## Write again what is generated from the code and committed
	@$(BIN)/python -m mshauri.schemas

.PHONY: catalogues
catalogues: $(DEV) ## Bring the catalogues of texts up to date with the code, and list what waits for a translator
	@$(BIN)/python -m shared.language.extract

.PHONY: lock
lock: $(DEV) ## Pin the newest versions that requirements/*.in allow (ARGS="--upgrade")
	@for name in build runtime embedded dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make lock" $(ARGS) \
			requirements/$$name.in --output-file requirements/$$name.txt; \
	done

# ── measure ───────────────────────────────────────────────────────────────────────────────────

# `make bench-… AGAINST=../other-checkout` measures both, in turns.
measured = @$(BIN)/python -m tests.perf.$(if $(AGAINST),in_turns $(1) $(AGAINST) $(if $(ARGS),-- $(ARGS)),$(1) $(ARGS))

.PHONY: bench-ledger
bench-ledger: $(DEV) ## Measure appends beside the stock event store, in the same run
	$(call measured,bench_ledger)

.PHONY: bench-http
bench-http: $(DEV) ## Measure commands over HTTP beside the same stock figure
	$(call measured,bench_http)

.PHONY: bench-graphql
bench-graphql: $(DEV) ## Measure a page of mentees beside PostGraphile, Mercurius, a bare route and pgbench (ARGS="--data DIR" keeps the country)
	$(call measured,bench_reads)

.PHONY: bench-screens
bench-screens: $(DEV) ## Measure the screens of a coordinator's and a mentor's app on the demonstration's data (ARGS="--data DIR" keeps it)
	$(call measured,bench_screens)

.PHONY: bench-mutations
bench-mutations: $(DEV) ## Measure mutations and batches through the gateway of a whole stack
	$(call measured,bench_mutations)

.PHONY: bench-import
bench-import: $(DEV) ## Measure the import of a country's facility list, made up
	$(call measured,bench_import)

.PHONY: bench-paper
bench-paper: $(DEV) ## Measure the import of years of paper: 12,000 facilities, 50,000 people, 200,000 sessions (ARGS="--scale 0.02")
	$(call measured,bench_paper)

.PHONY: bench-flow
bench-flow: $(DEV) ## Measure relay, projector, and from acknowledged to visible
	$(call measured,bench_flow)

.PHONY: bench-search
bench-search: $(DEV) ## Measure how soon one of 50,000 people is found, by name, number and phone
	$(call measured,bench_search)

.PHONY: bench-figures
bench-figures: $(DEV) ## Measure figures over a country of 200,000 sessions, made up
	$(call measured,bench_figures)

.PHONY: bench-reform
bench-reform: $(DEV) ## Measure a reform of a hundred districts on a whole stack
	$(call measured,bench_reform)

.PHONY: bench-visible
bench-visible: $(DEV) ## Measure how soon what was acknowledged is read, at an even rate
	$(call measured,bench_visible)

.PHONY: bench-idle
bench-idle: $(DEV) ## Measure what the whole stack costs while nobody asks anything
	$(call measured,bench_idle)

.PHONY: bench-matching
bench-matching: $(DEV) ## Measure matching 2,000 mentees with 800 mentors beside the greedy answer
	$(call measured,bench_matching)

.PHONY: bench-duplicates
bench-duplicates: $(DEV) ## Measure the screening of a million people, and what it finds (ARGS="--beside" has Splink look, too)
	$(call measured,bench_duplicates)

.PHONY: bench-audit
bench-audit: $(DEV) ## Measure all of auditing: the seven that follow (ARGS="--only sealing evidence" for some)
	$(call measured,bench_audit)

.PHONY: bench-sealing
bench-sealing: $(DEV) ## Measure what sealing the logs costs appends, in turns with it off
	$(call measured,bench_sealing)

.PHONY: bench-asof
bench-asof: $(DEV) ## Measure a mentee of 1,000 events as of a moment beside the bare SELECT
	$(call measured,bench_asof)

.PHONY: bench-history
bench-history: $(DEV) ## Measure how soon a mentee's history of 1,000 events is told in words
	$(call measured,bench_history)

.PHONY: bench-evidence
bench-evidence: $(DEV) ## Measure how long evidence of 1,000 events takes to make, and to verify apart
	$(call measured,bench_evidence)

.PHONY: bench-replay
bench-replay: $(DEV) ## Measure how fast the demo's past is made again beside a stack that runs (ARGS="--data-dir DIR")
	$(call measured,bench_replay)

.PHONY: bench-looked
bench-looked: $(DEV) ## Measure what it costs a read that who looked is recorded
	$(call measured,bench_looked)

.PHONY: bench-findings
bench-findings: $(DEV) ## Measure each kind of audit finding over a country of 200,000 sessions
	$(call measured,bench_audit_findings)

# ── the rest ──────────────────────────────────────────────────────────────────────────────────

.PHONY: clean
clean: ## Remove .venv and caches; data in .mshauri stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)
