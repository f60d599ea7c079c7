# Every target sets up what it needs first. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test lint check bench bench-full requirements reset lock

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python3.15; do command -v $$p && break; done)
PREPARE = $(or $(PYTHON),$(error Install Python 3.11 or newer, then run make again)) contacthub/embedded/prepare.py
VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile

run: ## Start everything, with its own Postgres and Redis: PORT (8000), DATA_DIR (var)
	@exec $(PREPARE) run

test: ## Run lint, types, import contracts and all tests, the browser's included
	@$(PREPARE) test
	@$(MAKE) --no-print-directory check
	$(PYTEST) -n auto --maxprocesses 4 -m "not browser and not faults"
	$(PYTEST) -n 2 -m faults
	$(PYTEST) -n 3 -m browser

lint: ## Check style, types, import contracts, migrations, templates and the settings of servers
	@$(PREPARE) lint
	@$(MAKE) --no-print-directory check

# The documented environment, with its blanks filled in.
AS_ON_SERVERS = set -a && . ./.env.example && SECRET_KEY=$$(od -An -N40 -tx1 /dev/urandom | tr -d ' \n') \
	DATABASE_URL=postgres://contacthub@nowhere.example/contacthub && set +a &&

# No database is needed for the migrations: a data folder without servers keeps a running one out of it.
check:
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	SECRET_KEY=lint $(VENV)/mypy contacthub jobmatch_helpdesk employer_contact complaints_feedback benchmarks
	PYTHONPATH=. $(VENV)/lint-imports
	@env -u DATABASE_URL DATA_DIR=.build/no-servers SECRET_KEY=lint $(VENV)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(AS_ON_SERVERS) $(VENV)/python -W ignore::RuntimeWarning manage.py check --deploy --fail-level WARNING
	git ls-files -z -- 'templates/*.html' 2>/dev/null | xargs -0r $(VENV)/djade --target-version 5.2 --check

bench: ## Measure pages, calls, REST and sweeps with up to 100,000 incidents and 200,000 employers, on servers of its own
	@$(PREPARE) bench
	@exec $(VENV)/python -m benchmarks 10000 100000

bench-full: ## The same, with 1,000,000 too: about 10 minutes, 11 GB of disk
	@$(PREPARE) bench
	@exec $(VENV)/python -m benchmarks 10000 100000 1000000

requirements: ## Say which requirements of the procedures have a test, and which have none
	@$(PREPARE) lint
	@$(PYTEST) -q --requirements

reset: ## Throw away the embedded database and sent mail, after asking
	@exec $(PREPARE) reset

lock: ## Pin the packages anew (developers; needs uv)
	uv pip compile -q --generate-hashes --no-emit-index-url --universal --python-version 3.11 requirements/run.in -o requirements/run.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --universal --python-version 3.11 -c requirements/run.txt requirements/test.in -o requirements/test.txt
	uv pip compile -q --generate-hashes --no-emit-index-url --universal --python-version 3.11 requirements/node.in -o requirements/node.txt
