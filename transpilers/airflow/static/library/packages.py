"""Packages and modules whose functions make no tasks."""

from __future__ import annotations

import sys

#: Third-party packages that make no tasks.
PURE = frozenset(
    [
        "airflow",
        "attr",
        "attrs",
        "azure",
        "bigquery",
        "boto3",
        "botocore",
        "bs4",
        "cryptography",
        "croniter",
        "dateutil",
        "dotenv",
        "elasticsearch",
        "filelock",
        "google",
        "httpx",
        "jinja2",
        "kubernetes",
        "markdown",
        "msgraph",
        "numpy",
        "openai",
        "openlineage",
        "packaging",
        "pandas",
        "pendulum",
        "pkg_resources",
        "polars",
        "psycopg2",
        "pyarrow",
        "pydantic",
        "pymongo",
        "pymysql",
        "pyspark",
        "pytest",
        "pytz",
        "redis",
        "requests",
        "ruamel",
        "scipy",
        "simplejson",
        "sklearn",
        "slack_sdk",
        "slugify",
        "snowflake",
        "sqlalchemy",
        "structlog",
        "tabulate",
        "tenacity",
        "toml",
        "tomli",
        "torch",
        "transformers",
        "typing_extensions",
        "tzlocal",
        "ujson",
        "urllib3",
        "yaml",
    ]
)
#: Modules of Airflow whose functions do make some, or may.
MAKERS = ("airflow.providers.", "airflow.sdk.definitions.asset.decorators", "airflow.plugins")


def makes_nothing(name: str) -> bool:
    """Whether a call of this name leaves every graph as it is; an object is no task unless it says so by its name."""
    top, _, _ = name.partition(".")
    short = name.rpartition(".")[2]
    if top == "airflow" and (short == "DAG" or short.endswith("TaskGroup")):
        return False
    if name.startswith(MAKERS):
        return short[:1].isupper()
    return top in PURE or top in sys.stdlib_module_names
