# Two commands matter: `make demo` and `make test`. Neither needs root, nor anything installed by hand.
# The environment lives in .venv and follows uv.lock; uv itself is put into .tools by pip.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
PYTEST_ARGS ?=
# Copies work on every file system, and no interpreter is ever downloaded.
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
export UV_NO_PROGRESS := 1
# Operators' own certificate authorities count, as they do for everything else on the machine.
export UV_SYSTEM_CERTS := 1

.PHONY: help setup demo test lint fuzz soak bench clean

help: ## Say what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

$(UV):
	@echo "custodes: installing uv $(UV_VERSION) into .tools (by pip, for this project only)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
		--target .tools 'uv==$(UV_VERSION)' 2>/dev/null \
		|| { echo "custodes: '$(PYTHON) -m pip' could not install uv; it needs pip and a package index" >&2; exit 1; }

# Runtime dependencies only; an environment that already has the test tools keeps them.
setup: $(UV) ## Make the environment in .venv
	@echo "custodes: making .venv from uv.lock (runtime dependencies)"
	@$(UV) sync --quiet --frozen --inexact --python "$$(command -v $(PYTHON))"

.venv/.dev: $(UV) uv.lock pyproject.toml
	@echo "custodes: making .venv from uv.lock (runtime dependencies and test tools)"
	@$(UV) sync --quiet --frozen --group dev --python "$$(command -v $(PYTHON))"
	@touch $@

demo: setup ## From an order to evidence, on a small capture made here
	@.venv/bin/custodes demo

lint: .venv/.dev ## Style, types, and the architecture's contracts
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo 2>/dev/null || .venv/bin/lint-imports

test: lint ## Everything that must be true
	@.venv/bin/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

SECONDS ?= 600
JOBS ?= 2
TARGETS ?=
fuzz: .venv/.dev ## Every reader against hostile input, SECONDS=600 each, into docs/fuzzing.md (or TARGETS="x1_request ...")
	@.venv/bin/python tests/fuzz/fuzz_run.py --seconds=$(SECONDS) --jobs=$(JOBS) --report=docs/fuzzing.md $(TARGETS)

KILLS ?= 20
CUTS ?= 600
soak: .venv/.dev ## Kills of every function (KILLS=20 each), power cuts, random schedules, for long
	@CUSTODES_KILLS=$(KILLS) CUSTODES_LEMF_KILLS=100 CUSTODES_POWER_CUTS=$(CUTS) CUSTODES_SCHEDULES=1000 \
		.venv/bin/pytest -n 2 --dist worksteal tests/flow/test_flow_kills.py tests/flow/test_flow_lemf.py \
		tests/unit/store/test_store_outbox_power.py tests/unit/functions/lemf/test_lemf_power.py tests/convergence

bench: .venv/.dev ## Rates on one core, into docs/benchmarks.md
	@.venv/bin/python tests/bench/bench_run.py --output=docs/benchmarks.md

clean: ## Remove what was made here
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache custodes-demo
