# Everything a person runs. `make help` lists it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help

help:  ## list the commands 列出命令
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo 'Python 3.11+ with venv is needed: apt-get install python3-venv'; rm -rf $(VENV); exit 1; }
	@echo "安装依赖库，约需数分钟 · installing the libraries of the lock, some minutes"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	@# pip would compile on one core. Some packages ship templates that are no Python.
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@# setuptools warns of every editable installation
	@PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@$(BIN)/python -m compileall -q dagster_project
	@touch $@

$(VENV)/.spark: $(STAMP) requirements-spark.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-spark.lock
	@touch $@

$(VENV)/.spark-local: $(VENV)/.spark requirements-spark-local.lock
	@java -version 2>/dev/null || { echo 'Java 17+ is needed: apt-get install default-jre-headless'; exit 1; }
	@echo "安装 Spark,约一分钟 · installing Spark, about a minute"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-spark-local.lock
	@touch $@

environment: $(STAMP)  ## create the Python environment from the lock 建立环境

warehouse: $(STAMP)  ## build, check and publish the warehouse if anything has changed 构建并发布数据仓库
	@$(BIN)/tongcheng build --if-changed

ui: $(STAMP)  ## open the Dagster UI on 127.0.0.1 打开界面
	@$(BIN)/tongcheng ui

test: $(STAMP)  ## run the whole test suite 运行全部测试
	@$(BIN)/python -m pytest

PYTHONS ?= python3.11 python3.12 python3.13
test-all:  ## run the suite on each supported Python, each in an environment of its own 在各版本 Python 上测试
	@for python in $(PYTHONS); do \
	  command -v $$python >/dev/null || { echo "$$python 未安装 · is not installed"; exit 1; }; \
	  echo "$$python"; $(MAKE) --no-print-directory test PYTHON=$$python VENV=.venv-$$python || exit 1; \
	done

oldest-client: .venv-oldest/.installed  ## an environment with the oldest DuckDB that the README names, for the tests 最旧客户端

.venv-oldest/.installed: requirements-oldest-client.lock
	@$(PYTHON) -m venv .venv-oldest
	@.venv-oldest/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-oldest-client.lock
	@touch $@

coverage: $(STAMP)  ## the suite, with the lines of the package that it runs and their floor 测试覆盖率
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

torture: $(STAMP)  ## hours of killed processes, faults, readers and mangled files 长时间破坏性测试
	@$(BIN)/python -m pytest -n 0 -v tests/torture

lint: style types  ## check style of Python and SQL, and types 检查代码风格与类型

style: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfmt --check --quiet dbt_project

types: $(STAMP)
	$(BIN)/mypy

format: $(STAMP)  ## apply the style 统一代码风格
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt --quiet dbt_project

bench: $(STAMP)  ## time the whole job against a bare dbt build 对照计时
	@$(BIN)/python -m tests.bench

spark-environment: $(VENV)/.spark  ## add the client of a Spark cluster 安装 Spark 客户端

spark-local-environment: $(VENV)/.spark-local  ## add Spark itself, for a cluster on this machine 安装 Spark 本身

spark: $(VENV)/.spark-local  ## build with the models on a Spark cluster on this machine 用本机 Spark 集群构建
	@$(BIN)/python -m dagster_project.spark.local

spark-parity: $(VENV)/.spark-local  ## the same rows from DuckDB and from Spark, FIGURES=1000 核对两种引擎结果一致
	@FIGURES=$(FIGURES) $(BIN)/python -m tests.spark.parity

spark-faults: $(VENV)/.spark-local  ## kill workers and server of a cluster in mid-build 终止集群进程的测试
	@$(BIN)/python -m pytest -n 0 -v tests/spark

mutate: $(STAMP)  ## count the seeded defects that get through 植入错误，统计拦下多少
	@$(BIN)/python -m tests.mutate

bench-scale: FIGURES ?= 1000000
spark-parity: FIGURES ?= 1000
bench-scale: $(STAMP)  ## time load, models, gates and job at FIGURES=10000000 大数据量计时
	@FIGURES=$(FIGURES) $(BIN)/python -m tests.scale.bench

bench-night: FIGURES ?= 1000000
bench-night: $(STAMP)  ## time a night in which 0.1 % of the figures are new 只有千分之一新增时计时
	@FIGURES=$(FIGURES) $(BIN)/python -m tests.scale.night

readme: $(STAMP)  ## update the results shown in READMEs and docs 更新文档所示结果
	@$(BIN)/python tests/readme.py --write

audit-deps: $(STAMP)  ## known vulnerabilities in the locked versions 依赖库的已知漏洞
	@$(BIN)/python tests/audit_deps.py

lock:  ## update requirements.lock (needs uv) 更新依赖锁
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-strip-extras --upgrade -o requirements.lock
	@# Of an extra only what the locks before it lack.
	@locks=requirements.lock; for extra in spark spark-local; do \
	  uv pip compile --quiet pyproject.toml --extra $$extra --universal --python-version 3.11 -c requirements.lock \
	    $$(sed -n 's/^\([a-z0-9.-]*\).*==.*/--no-emit-package \1/p' $$locks) --no-emit-package tongcheng \
	    --generate-hashes --no-emit-index-url --no-header --no-strip-extras --no-annotate \
	    --upgrade -o requirements-$$extra.lock; \
	  locks="$$locks requirements-$$extra.lock"; \
	done

.PHONY: help environment spark-environment spark-local-environment spark spark-parity spark-faults warehouse ui test test-all oldest-client coverage torture lint style types format bench mutate bench-scale bench-night readme audit-deps lock
