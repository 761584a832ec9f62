"""Three validators that know nothing of this project, asked about machine definitions.

Each takes plain JSON and returns its findings as text, none where it accepts the definition. Ask about many
definitions in one call: asl-validator costs a process a call.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import boto3
from moto import mock_aws
from sfnx.testing import check

Definition = Mapping[str, object]
TOOLS = Path(__file__).parents[1] / "tools"
_NESTED_ARRAY = re.compile(r"/Arguments/\S*/\d+/\d+ is invalid\. must be object$")
_AWS = {"region_name": "eu-west-1", "aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
_ROLE = "arn:aws:iam::123456789012:role/machine"


def asl_validator(definitions: Sequence[Definition]) -> list[list[str]]:
    """npm's asl-validator 4.0.0, with the JSONata of Step Functions.

    Its schema of Arguments knows no array right inside of an array, where the language takes any JSON: such a finding
    is left out.
    """
    answers = _node("validate.js", definitions)
    return [[finding for finding in found if not _NESTED_ARRAY.search(finding)] for found in answers]


def moto_create(definitions: Sequence[Definition]) -> list[list[str]]:
    """CreateStateMachine of moto, whose parser is LocalStack's."""
    # Without this moto takes any text for a definition.
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.client("stepfunctions", **_AWS)
        return [_created(client, f"machine-{index}", definition) for index, definition in enumerate(definitions)]


def sfnx_check(definitions: Sequence[Definition]) -> list[list[str]]:
    """`sfnx.testing.check`: what its author measured Step Functions to refuse, for JSONata alone."""
    return [_checked(definition) for definition in definitions]


VALIDATORS = {"asl-validator": asl_validator, "moto": moto_create, "sfnx": sfnx_check}


def complaints(definitions: Mapping[str, Definition]) -> list[str]:
    """Every finding of the three about named definitions: `name: validator: finding`. Empty means all accept all."""
    found: list[str] = []
    for validator, ask in VALIDATORS.items():
        answers = ask(list(definitions.values()))
        for name, findings in zip(definitions, answers, strict=True):
            found += [f"{name}: {validator}: {finding}" for finding in findings]
    return found


def jsonata_faults(expressions: Sequence[str]) -> list[str]:
    """Why jsonata 2.0.6 refuses each expression, "" where it takes it."""
    return _node("parse.js", expressions)


def _node(script: str, values: Sequence[object]) -> list:
    node = shutil.which("node", path=Path(sys.executable).parent) or shutil.which("node")
    if node is None or not (TOOLS / "node_modules").is_dir():
        raise RuntimeError("asl-validator is not installed: run `make test`, which installs it")
    lines = "".join(json.dumps(value) + "\n" for value in values)
    done = subprocess.run([node, script], cwd=TOOLS, input=lines, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode or len(answers) != len(values):
        raise RuntimeError(f"{script} answered {len(answers)} of {len(values)}: {done.stderr.strip()}")
    return answers


def _created(client, name: str, definition: Definition) -> list[str]:
    try:
        client.create_state_machine(name=name, definition=json.dumps(definition), roleArn=_ROLE)
    except client.exceptions.ClientError as refused:
        return [refused.response["Error"]["Message"][:500]]
    return []


def _checked(definition: Definition) -> list[str]:
    try:
        check(definition)
    # It takes shapes for granted that a broken definition does not have: that it stops there is its answer.
    except Exception as refused:
        return [f"{type(refused).__name__}: {refused}"]
    return []
