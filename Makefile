# Commands for development; `make help` lists them. Each installs what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STACK_INSTALLED := $(VENV)/.installed-stack
INSTALLED := $(VENV)/.installed
AUDIT := $(VENV)-audit
BENCH := .venv-bench
SOURCES := activities api benchmarks copilot db dev domain notifications observability payments pictures rebuild settings temporal tests workers workflows codec_server.py health_check.py migrate.py retire_links.py worker.py

USER ?= ada
# More than the usual two cores: half of the time, a test waits for a timer or a process.
JOBS ?= 4

# The sandbox loads the workflow's file for each session, and without bytecode also compiles it each time.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo run up down status reset screenshots token url worker api codec migrate \
        quick test bench check audit format lint types imports sql openapi openapi-lint web web-built web-lint web-size test-web lighthouse node settings schema record-histories chaos explore load sales copilotkit limits lock hooks

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-18s %s\n", $$1, $$2}'

setup: $(INSTALLED) ## Install everything into .venv (the other commands install what they need)

# $(call install,ENVIRONMENT,REQUIREMENTS). Without --clear, because processes may be using the environment.
# -qq hides pip's warnings about its own configuration.
define install
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is required; this is " + sys.version.split()[0] + ". Choose another: make PYTHON=python3.13 …")'
	@echo "Installing $(2) into $(1) (once, about a minute) …"
	@$(PYTHON) -m venv $(1)
	@$(1)/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r $(2)
	@touch $@
endef

$(STACK_INSTALLED): requirements/stack.txt
	$(call install,$(VENV),$<)

# dev.txt includes everything in stack.txt.
$(INSTALLED): requirements/dev.txt
	$(call install,$(VENV),$<)
	@touch $(STACK_INSTALLED)

demo: $(STACK_INSTALLED) web-built ## Play a session through to a published event, and keep the stack running (EXIT=1: stop it)
	@$(BIN)/python -m dev demo $(if $(EXIT),--exit)

run: $(STACK_INSTALLED) web-built ## Run the stack in the foreground, until Ctrl-C
	@$(BIN)/python -m dev run

up: $(STACK_INSTALLED) web-built ## Start the stack in the background
	@$(BIN)/python -m dev up

down: $(STACK_INSTALLED) ## Stop the stack, keep its data
	@$(BIN)/python -m dev down

status: $(STACK_INSTALLED) ## Show processes, restarts and addresses
	@$(BIN)/python -m dev status

reset: $(STACK_INSTALLED) ## Stop the stack and delete its data
	@$(BIN)/python -m dev reset

lighthouse: setup web-built ## Measure the front end and a public page with Lighthouse (needs Chromium)
	@$(BIN)/python -m dev lighthouse

screenshots: setup web-built ## Retake the screenshots in docs/images (needs Chromium)
	@$(BIN)/python -m dev screenshots

token: $(STACK_INSTALLED) ## Print a development token (USER=ada ORG=acme PERMISSION=wizard:operate)
	@$(BIN)/python -m dev token --user '$(USER)' $(if $(ORG),--org '$(ORG)') $(if $(PERMISSION),--permission '$(PERMISSION)')

url: $(STACK_INSTALLED) ## Print the API's address
	@$(BIN)/python -m dev url

worker: $(STACK_INSTALLED) ## Run one worker, with settings from the environment
	@$(BIN)/python worker.py

api: $(STACK_INSTALLED) ## Run one API process, with settings from the environment
	@$(BIN)/python -m api

codec: $(STACK_INSTALLED) ## Run the codec server for the Temporal UI, with settings from the environment
	@$(BIN)/python codec_server.py

migrate: $(STACK_INSTALLED) ## Migrate Postgres and register search attributes and schedules in Temporal
	@$(BIN)/python migrate.py

quick: setup ## Run the tests that need no server (about a minute)
	@$(BIN)/python -m pytest -n $(JOBS) tests/unit tests/architecture tests/contract/test_openapi.py

test: setup ## Run every test of the backend (JOBS=4 at a time)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --ignore tests/web

test-web: setup web-built ## Run the front end's tests, in Node and in Chromium (WEB_JOBS=2 at a time)
	@$(PYTHON) -m dev.node web test
	@$(BIN)/python -m pytest -n $(or $(WEB_JOBS),2) --dist loadfile --durations 0 --durations-min 0.5 tests/web

chaos: setup ## Disturb a whole stack under eight clients, and judge what they were acknowledged (SEED=1, MINUTES=2)
	@$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --minutes $(or $(MINUTES),2)

explore: setup ## Play all pairs of faults, and messages at each step, of a publication and of an order (ONLY='publish:…': that schedule; COURSE=publish)
	@$(BIN)/python -m tests.explore --jobs $(or $(EXPLORE_JOBS),2) $(if $(ONLY),--only '$(ONLY)') $(if $(COURSE),--course $(COURSE))

load: setup ## Find the rate that this machine takes, hold 70 % of it, exceed it, and judge the answers and the memory (MINUTES=5, SMOKE=1)
	@$(BIN)/python -m tests.load --minutes $(or $(MINUTES),5) $(if $(SMOKE),--smoke)

sales: setup ## Play sales against a model, and judge each (SEEDS=300, KILLS=20; SEED=17: only that one; BUYERS=24: smaller)
	@$(BIN)/python -m tests.sales --jobs $(or $(SALES_JOBS),2) \
		$(if $(BUYERS),--buyers $(BUYERS)) \
		$(if $(SEED),--first $(SEED) --seeds 1 --kills 0,--seeds $(or $(SEEDS),300) --kills $(or $(KILLS),20))

copilotkit: setup ## Test a page that uses CopilotKit's earlier hooks and sidebar (600 MB of packages, needs Chromium; RECORD=1)
	@$(PYTHON) -m dev.node web/test/copilotkit-v1 types build
	@$(BIN)/python -m tests.copilotkit $(if $(RECORD),--picture docs/images/copilotkit-v1.png)

limits: setup ## Run the tests that `make test` runs as a sample at full size (about 40 minutes)
	@LIMITS=full $(BIN)/python -m pytest --timeout 1200 tests/integration/workflows/test_history_limits.py \
		tests/integration/workflows/test_mass_replay.py tests/contract/test_conformance.py \
		tests/integration/orders/test_ordering.py tests/integration/pages/test_page_in_browser.py \
		tests/integration/payments/test_faults_while_publishing.py tests/chaos/test_orders_killed.py \
		tests/chaos/test_payments_killed.py tests/chaos/test_worker_killed.py tests/chaos/test_erasure_killed.py \
		tests/integration/streams/test_faults.py tests/chaos/test_streams_at_sigterm.py \
		tests/integration/mcp/test_dropped_answers.py tests/races \
		tests/unit/domain/session/test_session_machine.py tests/unit/dev/stripe_stand_in/test_controls.py
	@LIMITS=full $(PYTHON) -m dev.node web limits

bench: setup $(BENCH)/.installed ## Run the benchmarks against a bare Temporal baseline (ONLY=saves, SMOKE=1, IDLE=1000, RECORD=1)
	@$(BIN)/python -m benchmarks $(ONLY) $(if $(SMOKE),--smoke) $(if $(IDLE),--idle $(IDLE)) $(if $(RECORD),--record)

$(BENCH)/.installed: requirements/bench.txt
	$(call install,$(BENCH),$<)

check: format lint types imports sql openapi-lint web-lint web-size test test-web ## Run all checks and tests, as CI does

# Not part of `check`: advisories come from PyPI, and a mirror may not have them. --strict makes that a failure.
audit: $(AUDIT)/.installed ## Check the locked packages for known vulnerabilities (needs PyPI's advisory service)
	@$(AUDIT)/bin/pip-audit --strict --progress-spinner off --disable-pip --require-hashes -r requirements/dev.txt \
		|| (echo 'Vulnerabilities were found. If it says "not found on PyPI", this index has no advisories and nothing was audited.' && false)

$(AUDIT)/.installed: requirements/audit.txt
	$(call install,$(AUDIT),$<)

format: setup ## Check the formatting
	@$(BIN)/ruff format --check --quiet $(SOURCES) || (echo "Run: $(BIN)/ruff format ." && false)

lint: setup ## Run the linter
	@$(BIN)/ruff check $(SOURCES)

types: setup ## Check the types
	@$(BIN)/mypy $(SOURCES)

imports: setup ## Check the import contracts
	@$(BIN)/lint-imports --no-cache

sql: setup ## Check that the migrations are safe online
	@$(BIN)/squawk db/migrations/*.sql

openapi: setup ## Regenerate docs/openapi.json and the TypeScript client in web/src/api/generated
	@$(BIN)/python -m api --openapi > docs/openapi.json
	@$(PYTHON) -m dev.node web/tools generate

openapi-lint: ## Check docs/openapi.json with two linters, and that the TypeScript client is up to date and strict
	@$(PYTHON) -m dev.node web/tools lint:redocly lint:spectral check:client

web-lint: ## Check the front end's format, rules and types
	@$(PYTHON) -m dev.node web/tools lint:web
	@$(PYTHON) -m dev.node web types

web: ## Build the front end into web/dist (with the same Node as make node)
	@$(PYTHON) -m dev.node web build

web-built: # Builds it if a source is newer, before the stack starts, which does not depend on it
	@$(PYTHON) -m dev.front_end build

web-size: web-built ## Check the size of the front end's first load, and of the assistant
	@$(PYTHON) -m dev.front_end size

node: ## Install the packages of web/ (uses Node 22.18 or newer from the PATH, or else Node from PyPI)
	@$(PYTHON) -m dev.node web
	@$(PYTHON) -m dev.node web/tools

settings: setup ## Regenerate docs/settings.md and .env.example
	@$(BIN)/python -m dev.settings_reference

schema: setup ## Regenerate db/schema.sql
	@$(BIN)/python -m db.snapshot

record-histories: setup ## Record the workflow histories that tests replay (KIND=expired: only that one)
	@$(BIN)/python -m tests.replay.record $(if $(KIND),-k '$(KIND)')

lock: setup ## Compile requirements/*.in to *.txt with hashes
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/base.in -o requirements/base.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements/base.txt requirements/model.in -o requirements/model.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements/base.txt requirements/stack.in -o requirements/stack.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements/stack.txt -c requirements/model.txt requirements/dev.in -o requirements/dev.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/audit.in -o requirements/audit.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header requirements/node.in -o requirements/node.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header -c requirements/base.txt requirements/bench.in -o requirements/bench.txt

hooks: setup ## Install a Git hook that runs the quick checks before each commit
	@$(BIN)/pre-commit install
