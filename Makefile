# `make demo` and `make test` are all a newcomer needs: each makes .venv first, from the exact versions in
# constraints.txt. Node for asl-validator comes from a Python package, so Python 3.11 and make are the only prerequisites.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS := airflow,luigi,dask,graph,local,redis,dev
READY := $(VENV)/.ready
# What `make demo` needs: the DAG file is read without Airflow.
LIGHT := $(VENV)/.light
AIRFLOW_2 := build/airflow-2
STRUCTURE := auto
DEMO := fixtures/demo/orders.py
PROVIDERS := amazon==9.39.0 google==22.8.0 databricks==7.23.0

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check format docs bench lint-matrix stores conformance judge-model judge-airflow judge-mutants protocol chaos airflow-2 dask-conformance judge-luigi conformance-luigi survey templates structures clean
.DEFAULT_GOAL := help

help: ## Show the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(LIGHT) ## Compile an Airflow DAG file and run its machine on this computer
	transpile airflow $(DEMO) -o build/demo
	transpile run build/demo

test: $(READY) ## Run every check and test
	pytest -n 2 --dist loadfile --durations 12

check: $(READY) ## Formatting, types and import contracts alone (seconds)
	ruff format --check . && ruff check . && basedpyright && lint-imports

format: $(READY) ## Format the code
	ruff format . && ruff check --fix .

docs: $(READY) ## Write the documentation that is made from the code
	python -m transpilers.cli.docs

bench: $(READY) ## Print the tables of benchmarks/
	python benchmarks/handler_start.py && python benchmarks/local_engine.py && python benchmarks/workflow.py
	python -m benchmarks.reduction && python benchmarks/luigi_trees.py

structures: $(READY) ## What each structure costs over two sets of 18 families of graphs, into docs/structures.md (some minutes)
	python benchmarks/structure.py --write docs/structures.md

lint-matrix: $(READY) ## Which broken machines each validator and our lint catch
	PYTHONPATH=tests:. python -m support.matrix

stores: $(READY) ## Race two writers 1,000 times and stream 2 GB on every store
	STEPWEAVE_RACES=1000 STEPWEAVE_STREAMED_MB=2048 pytest tests/stores tests/handler/test_stores.py --durations 8 -rP

conformance: $(READY) ## Compile and verify every example that Airflow and Luigi ship, into docs/conformance.md, conformance-luigi.md
	PYTHONPATH=tests python -m support.conformance
	PYTHONPATH=tests:. python -m luigi_trees.conformance

judge-model: $(READY) ## 5,000 random DAGs against a model of Airflow, undisturbed and with invocations killed (resumable)
	PYTHONPATH=tests:. python -m judge.judge_model --structure $(STRUCTURE) $(MINUTES:%=--minutes %) --write

judge-airflow: $(READY) ## 300 random DAGs against Airflow itself (some 15 minutes; resumable)
	PYTHONPATH=tests:. python -m judge.judge_airflow $(MINUTES:%=--minutes %) --write

airflow-2: $(READY) $(AIRFLOW_2)/.ready ## The tests that need Airflow 2.11, in an environment of its own (200 MB), and 60 random DAGs
	STEPWEAVE_AIRFLOW_2=$(AIRFLOW_2)/bin/python pytest tests/airflow2
	PYTHONPATH=tests:. python -m judge.judge_airflow --dags 60 $(MINUTES:%=--minutes %) --write --python $(AIRFLOW_2)/bin/python

protocol: $(READY) ## The rendezvous protocol: every interleaving of its steps, with faults at each
	PYTHONPATH=tests:. python -m rendezvous.search_protocol

chaos: $(READY) ## 1,000 random DAGs with handlers killed, delayed past their time-out, delivered twice (docs/chaos.md)
	PYTHONPATH=tests:. python -m chaos.brave --page docs/chaos.md

.PHONY: large-run predictions sleeping
large-run: $(READY) ## Run 10,000 tasks in child machines on the local engine, and look at every status (some 8 minutes)
	python benchmarks/large_run.py

predictions: $(READY) ## Hold the histories of 200 random DAGs against what was predicted for such ends (some 10 minutes)
	PYTHONPATH=tests:. python -m local.predictions

sleeping: $(READY) ## Tasks that sleep, under auto and under layers, into docs/structures.md
	python benchmarks/sleeping.py --write docs/structures.md

.PHONY: judge-values
judge-values: $(READY) ## 300 random DAGs with mapping, XComs, templates and context against Airflow itself (resumable)
	PYTHONPATH=tests:. python -m judge_values.judge_values $(MINUTES:%=--minutes %) --write

judge-mutants: $(READY) ## Whether the judge finds each wrong decision
	PYTHONPATH=tests:. python -m judge.judge_mutants --write

# Not pinned in constraints.txt, which is for one version of Airflow: what is tested is how this release behaves.
$(AIRFLOW_2)/.ready: $(READY)
	@uv venv --quiet --python $(BIN)/python --clear $(AIRFLOW_2)
	@uv pip install --quiet --python $(AIRFLOW_2)/bin/python "apache-airflow==2.11.2" "apache-airflow-providers-standard==1.21.0"
	@touch $@

dask-conformance: $(READY) ## 2,000 of Dask's own tests under our scheduler, into docs/dask-conformance.md (resumable)
	PYTHONPATH=tests:. python -m dask_conformance.campaign --write

judge-luigi: $(READY) ## 300 random task trees by Luigi itself and by their machines
	PYTHONPATH=tests:. python -m luigi_trees.judge_luigi

conformance-luigi: $(READY) ## Luigi's examples and its own worker tests, into docs/conformance-luigi.md
	PYTHONPATH=tests:. python -m luigi_trees.conformance

survey: $(READY) ## Try taking every callable out of the examples in three providers' source packages
	@rm -rf build/sdists && mkdir -p build/sdists
	@python -m pip download --quiet --no-deps --no-binary :all: --dest build/sdists $(PROVIDERS:%=apache-airflow-providers-%)
	@cd build/sdists && for archive in *.tar.gz; do tar -xzf $$archive; done
	python -m transpilers.code.survey build/sdists

.PHONY: corpus fuzz
corpus: $(READY) ## Read public DAG files without running them, and judge that by Airflow, into docs/corpus.md
	PYTHONPATH=tests python -m support.corpus

fuzz: $(READY) ## Fuzz the static loader with atheris for FUZZ seconds (60)
	@uv pip install --quiet --python $(BIN)/python atheris==3.0.0
	PYTHONPATH=tests python -m support.fuzz build/fuzz $(or $(FUZZ),60)

templates: $(READY) $(AIRFLOW_2)/.ready ## Expressions of real DAGs rendered by Airflow 3, Airflow 2.11 and the handler (docs/templates.md)
	PYTHONPATH=tests:. python -m support.template_expressions

clean: ## Remove what the other targets made
	rm -rf $(VENV) build .stepweave tests/tools/node_modules

# Bytecode is compiled at once: the tests start hundreds of processes, which would otherwise compile what they import.
$(READY): pyproject.toml constraints.txt tests/tools/package.json tests/tools/package-lock.json
	$(call install,$(EXTRAS))
	@npm ci --prefix tests/tools --silent --no-audit --no-fund
	@touch $(READY) $(LIGHT)

$(LIGHT): pyproject.toml constraints.txt
	$(call install,local)
	@touch $(LIGHT)

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'make: Python 3.11 or newer is needed: set PYTHON=/path/to/python3.11' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
		|| { echo 'make: this Python has no venv: install it (Debian: apt-get install python3-venv)' >&2; exit 1; }
	@echo 'make: installing into $(VENV)'
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt \
		--build-constraint constraints.txt --editable '.[$(1)]'
	@$(BIN)/python -m compileall -q core_compiler handler transpilers
endef
