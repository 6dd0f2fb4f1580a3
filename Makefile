# make run: everything on a fresh machine, then the chat at http://127.0.0.1:7860
# make test: everything again if needed, then the whole test suite
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
CACHE ?= $(or $(NEWS_CACHE_DIR),$(HOME)/.cache/ai-policy-news)
PIP := $(BIN)/python -m pip --disable-pip-version-check

# llama.cpp is compiled for the processor at hand, so its wheel is kept per processor. gcc 12 miscompiles ggml's AMX code, which
# then crashes at the first prompt: on x86-64 it is built without AMX, everything else stays native.
LLAMA := $(shell grep -o '^llama.cpp.python==.*' constraints.txt)
CPU := $(shell uname -sm | tr ' ' '-')-$(shell (grep -m1 -iE '^(flags|features)' /proc/cpuinfo 2>/dev/null || uname -p) | cksum | cut -d' ' -f1)
WHEELS := $(CACHE)/wheels/$(CPU)-$(shell $(PYTHON) -c 'import sys; print("py%d%d" % sys.version_info[:2])')
NO_AMX := $(if $(filter x86_64 amd64,$(shell uname -m)),-mno-amx-tile -mno-amx-int8 -mno-amx-bf16)

# The engine of the environment or of .env: only the embedded one needs llama.cpp.
ENGINE := $(or $(NEWS_LLM__ENGINE),$(shell sed -n 's/^NEWS_LLM__ENGINE=//p' .env 2>/dev/null),embedded)

.PHONY: run setup weights test gate check format lock clean

run: setup
	$(BIN)/python -m assistant serve --samples

setup: $(VENV)/.installed $(if $(filter embedded,$(ENGINE)),$(VENV)/.llama)

weights: setup
	$(BIN)/python -m assistant setup

test: weights $(VENV)/.installed-dev
	$(BIN)/python -m pytest

# The baseline's questions with the default model: fails where a measure falls beyond its interval.
gate: weights
	d=$$(mktemp -d); NEWS_DATA_DIR=$$d $(BIN)/python -m eval gate; code=$$?; rm -rf $$d; exit $$code

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Exact versions of everything installed, the program itself left out.
lock: $(VENV)/.installed-dev
	@$(PIP) freeze --all --exclude-editable | sed -E 's/ @ .*llama_cpp_python-([0-9.]+)-.*/==\1/; s/\+cpu$$//' | sort -f > constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11"; exit 3; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 3; }
	@$(PIP) install --quiet "$$(grep '^pip==' constraints.txt)" || { rm -rf $(VENV); echo "pip cannot reach its package registry; see: pip config list"; exit 3; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e '.[dev,peers,server]'
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
	$(PIP) install --quiet -c constraints.txt --find-links "$(WHEELS)" -e '.[embedded]'
	@touch $@
