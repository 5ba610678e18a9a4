# Each target sets up what it needs, once: on a fresh machine `make repro` is enough.
# Programs are started as `python -m`: the first line of an installed script holds this folder's path, which may be
# too long for it or have spaces in it. No recipe writes that path into a shell line.

BIN := .venv/bin
UV := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode
GPU ?= $(shell nvidia-smi >/dev/null 2>&1 && echo 1 || echo 0)
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup repro table report dashboard quick test screenshots check bench forecast size stress load lock clean
.DEFAULT_GOAL := help

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

setup: .venv/.ready  ## Create the virtual environment of the pipeline and the dashboard

repro: .venv/.ready  ## Run the stages that are not up to date, and print the metrics
	@python -m pipeline.params
	@git rev-parse --git-dir >/dev/null 2>&1 || export DVC_GLOBAL_CONFIG_DIR=.dvc/no-git; python -m dvc repro
	@python -m pipeline.report

table: .venv/.ready  ## Set params.yaml for a table of your own: make table CSV=data/houses.csv TARGET=price
	@test -n "$$CSV" || { echo "error: say which table: make table CSV=data/houses.csv TARGET=price" >&2; exit 1; }
	@python -m pipeline.suggest "$$CSV" $${TARGET:+--target="$$TARGET"}

report: .venv/.ready  ## Write the recorded run and the experiments as one page to hand over: report.html
	@python -m dashboard.report

dashboard: .venv/.ready  ## Start the dashboard; SGD_READ_ONLY=1 for visitors
	@trap '' INT; exec python -m streamlit run dashboard  # which takes Ctrl+C itself; nothing else is to report it

quick: .venv/.ready-test  ## Run the unit and page tests, in a minute and a half
	@python -m pytest -m "not slow"

test: .venv/.ready-test .venv/.ready-browser  ## Run all tests
	@python -m pytest

screenshots: .venv/.ready-test .venv/.ready-browser  ## Take the pictures in docs/ again
	@SCREENSHOTS=docs python -m pytest -q tests/browser -k "test_looks and fits or recorded_weights or three_rates or file_is_dropped"
	@cd docs && rm -f *-narrow-*.png *-dark.png start-wide-light.png sweep-wide-light.png experiments-wide-light.png train-wide-light.png table-wide-light.png surface-tried.png

check: .venv/.ready-test  ## Check style, types, who imports whom, and the Dockerfile
	@ruff format --check .
	@ruff check .
	@python -m mypy
	@python -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	@hadolint Dockerfile

bench: .venv/.ready-bench  ## Compare the speed of the training loop with that of its peers; QUICK=1 for a first look
	@python -m benchmarks.training $(if $(QUICK),--quick)

forecast: .venv/.ready-test  ## Compare the forecast with real runs: 2,000 settings, eight seeds each; a quarter of an hour
	@python -m benchmarks.forecast

size: .venv/.ready-test  ## Train on ten million generated rows, or SIZE=100_000_000, and measure time and memory
	@python -m benchmarks.size

stress: .venv/.ready-test  ## Kill stages and DVC at every moment, 60 times or STRESS=..., and check that all recover
	@python -m benchmarks.stress

load: .venv/.ready-test  ## Open 50 sessions of the dashboard at once, then 1,000 in ten minutes
	@python -m benchmarks.load

lock: .venv/.uv  ## Pin every dependency again, after a change of pyproject.toml
	@for extra in "" test bench cluster gpu; do \
		uv pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --no-annotate $${extra:+--extra $$extra --constraint requirements.txt} \
			--output-file requirements$${extra:+-$$extra}.txt || exit 1; \
	done

clean:  ## Remove the virtual environment and the caches; keep data/ and the record
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.uv: requirements-uv.txt
	@test ! -L .venv || { echo "error: .venv is a symbolic link, and creating it again would empty the folder it points to;" \
		"remove the link (rm .venv), then run make again" >&2; exit 1; }
	@python=$$(scripts/find-python) && echo "setup: creating a virtual environment in .venv with $$python" && \
		"$$python" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

.venv/.ready: .venv/.uv requirements.txt requirements-gpu.txt pyproject.toml
	@echo "setup: installing TensorFlow, Streamlit, DVC and what they need (about 2 GB, once)"
	@$(UV) -r $(if $(filter 1,$(GPU)),requirements-gpu.txt,requirements.txt)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q pipeline dashboard
	@touch $@

.venv/.ready-test: .venv/.ready requirements-test.txt
	@echo "setup: installing what the tests need"
	@$(UV) -r requirements-test.txt
	@touch $@

.venv/.ready-bench: .venv/.ready requirements-bench.txt
	@echo "setup: installing what the training loop is compared with (PyTorch with CUDA on Linux: about 5 GB, once)"
	@$(UV) -r requirements-bench.txt
	@touch $@

.venv/.ready-browser: .venv/.ready-test
	@scripts/find-browser
	@touch $@
