"""BashOperator, EmptyOperator and what every operator takes, from calls written by hand: no Airflow runs."""

from __future__ import annotations

import pytest
from support.airflow_sources import BASH, EMPTY, task

from core_compiler.ir import DictOf, NoOp, Retry, Shell, TriggerRule
from core_compiler.ir import Template as IrTemplate
from transpilers.airflow.call import (
    CodeRef,
    DateTime,
    Delta,
    Dict,
    List,
    Literal,
    Mapped,
    ObjectCall,
    OperatorCall,
    Template,
    Value,
)

TRUE = Literal(True)


def _bash(command: str = "echo 1", **kwargs: Value) -> OperatorCall:
    return OperatorCall(BASH, "t", {"bash_command": Literal(command), **kwargs})


def test_a_command_keeps_all_that_it_needs() -> None:
    made, said = task(
        _bash(
            "echo $A\n",
            env=Dict(((Literal("A"), Literal("b\n")),)),
            append_env=TRUE,
            skip_on_exit_code=List((Literal(3), Literal(4))),
            output_encoding=Literal("latin-1"),
            do_xcom_push=Literal(False),
        )
    )
    assert said == []
    assert made is not None
    assert made.task.component == Shell(
        command="echo $A", env={"A": "b"}, append_env=True, skip_exit_codes=(3, 4), encoding="latin-1", store=False
    )


def test_templates_are_read_with_the_dag_s_own_options() -> None:
    """A newline at the end may stay, and tags of Jinja's own extensions are no errors where the DAG names them."""
    options = Dict(
        (
            (Literal("keep_trailing_newline"), TRUE),
            (Literal("extensions"), List((Literal("jinja2.ext.loopcontrols"),))),
        )
    )
    loop = "{% for i in [1, 2] %}{% break %}{% endfor %}"
    made, said = task(_bash(loop, env=Dict(((Literal("A"), Literal("b\n")),))), jinja_environment_kwargs=options)
    assert said == []
    assert made is not None
    kept = DictOf({"A": IrTemplate("b\n")})
    assert made.task.kwargs == {"command": IrTemplate(loop), "env": kept}
    _, said = task(_bash(loop))
    assert said[0].startswith("SW404 bash_command holds the template")


@pytest.mark.parametrize(
    ("value", "codes"), [(None, (99,)), (Literal(None), ()), (Literal(0), (0,)), (List((Literal(1),)), (1,))]
)
def test_exit_codes_that_skip(value: Value | None, codes: tuple[int, ...]) -> None:
    made, _ = task(_bash() if value is None else _bash(skip_on_exit_code=value))
    assert made is not None
    assert isinstance(made.task.component, Shell)
    assert made.task.component.skip_exit_codes == codes


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "bash_command",
            Literal("{{ ti.task_id }} {{ dag_run }}"),
            "SW404 bash_command holds the template {{ ti.task_id }} {{ dag_run }}: the text of dag_run is not among",
        ),
        (
            "bash_command",
            Literal("{{ dag.tags }}"),
            "SW404 bash_command holds the template {{ dag.tags }}: dag.tags is not among",
        ),
        (
            "env",
            Dict(((Literal("A"), Template("{{ task.owner }} {{ task.email }}")),)),
            "SW404 env holds the template {{ task.owner }} {{ task.email }}: task.email is not among",
        ),
        (
            "bash_command",
            Template("echo {{ inlet_events }}"),
            "SW404 bash_command holds the template echo {{ inlet_events }}: inlet_events is not among",
        ),
        (
            "bash_command",
            Template("echo {{ ds"),
            "SW404 bash_command holds the template echo {{ ds: Jinja cannot read it",
        ),
        ("bash_command", Literal("run.sh"), "SW410 bash_command names a file of templates, and run.sh is not there"),
        ("bash_command", Literal("echo $AIRFLOW_CTX_DAG_ID"), "SW409 bash_command mentions AIRFLOW_CTX_DAG_ID"),
        ("env", Dict(((Literal("A"), Literal(1)),)), "SW406 env['A'] is not a string"),
        ("env", Dict(((Literal("A"), Literal("x.bash")),)), "SW410 env names a file of templates, and x.bash"),
        ("output_processor", Literal("loads"), "SW406 output_processor is not a function"),
        ("bash_command", Literal("ls $AIRFLOW_HOME"), "SW477 bash_command mentions AIRFLOW_HOME: set it where"),
        ("skip_on_exit_code", Literal("x"), "SW406 skip_on_exit_code is not an exit code, or a list of them"),
        ("cwd", Literal("data"), "SW402 cwd: data must exist where the machine's function runs"),
        ("pool", Literal("small"), "SW401 pool: the pool bounds how many tasks run at once"),
        ("depends_on_past", TRUE, "SW401 depends_on_past: the task waits until it has ended well in the run before"),
        ("outlets", List((ObjectCall("Asset"),)), "SW401 outlets: the task reads or makes assets"),
        ("on_failure_callback", List((CodeRef(module="", qualname="f"),)), "SW401 on_failure_callback: the function"),
        ("magic", Literal(1), "SW411 the argument 'magic' of BashOperator is not known"),
        ("email", Literal("a@b.c"), "SW402 email: no e-mail is sent when the task fails or is retried"),
        ("retries", Literal("many"), "SW406 retries is not a number or a duration"),
        ("trigger_rule", Literal("sometimes"), "SW406 trigger_rule is not one of Airflow's trigger rules"),
    ],
)
def test_what_is_not_kept_is_said(name: str, value: Value, said: str) -> None:
    _, found = task(OperatorCall(BASH, "t", {"bash_command": Literal("echo 1"), name: value}))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_the_function_that_works_on_the_output_is_named() -> None:
    made, said = task(
        _bash(output_processor=CodeRef(module="json", qualname="loads", parameters=()), multiple_outputs=TRUE)
    )
    assert said == []
    assert made is not None
    assert made.task.component == Shell(
        command="echo 1", skip_exit_codes=(99,), multiple_outputs=True, through_json=True, processor="json:loads"
    )


def test_a_command_must_be_there() -> None:
    _, [found] = task(OperatorCall(BASH, "t", {}))
    assert found.startswith("SW406 ")
    assert found.endswith("bash_command is missing")


def test_everything_is_said_not_just_the_first() -> None:
    call = _bash(
        "echo $AIRFLOW_CTX_DAG_ID", pool=Literal("p"), env=Dict(((Literal("A"), Template("{{ ti.log_url }}")),)), x=TRUE
    )
    _, said = task(call)
    assert [line.partition(" ")[0] for line in said] == ["SW401", "SW411", "SW404", "SW409"]


@pytest.mark.parametrize(
    "kwargs",
    [
        {"owner": Literal("me"), "doc_md": Template("{{ not rendered }}"), "priority_weight": Literal(5)},
        {"pool": Literal("default_pool"), "pool_slots": Literal(1), "depends_on_past": Literal(False)},
        {"on_failure_callback": Literal(None), "outlets": List(()), "executor_config": Dict(())},
        {"params": ObjectCall("ParamsDict"), "email_on_failure": Literal(False)},
    ],
)
def test_what_asks_for_nothing_is_taken(kwargs: dict[str, Value]) -> None:
    made, said = task(_bash(**kwargs))
    assert made is not None
    assert said == []


def test_dates_are_those_of_the_dag_or_are_said() -> None:
    date = DateTime("2026-01-01T00:00:00+00:00")
    assert task(_bash(start_date=date), start_date=date)[1] == []
    assert task(_bash(start_date=date))[1] == [
        "SW402 start_date: the machine runs the task in every run, whatever its date"
    ]


def test_expanded_tasks_run_once_for_each_item() -> None:
    mapped = Mapped("kwargs", Dict(((Literal("bash_command"), List((Literal("true"), Literal("false")))),)))
    made, said = task(OperatorCall(BASH, "t", {}, mapped))
    assert made is not None
    assert made.task.mapping is not None
    assert said == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Mine", "SW403 Mine is not supported: it is a class of your own, and what its execute() does is not known"),
        ("airflow.x.FileSensor", "SW403 FileSensor is not supported: it waits for something outside"),
        (
            "airflow.x._PythonVirtualenvDecoratedOperator",
            "SW403 @task.virtualenv is not supported: it runs in a Python",
        ),
        ("airflow.x.Strange", "SW403 Strange is not supported: there is no counterpart for it yet"),
    ],
)
def test_other_operators_are_refused_with_a_reason(name: str, said: str) -> None:
    [found] = task(OperatorCall(name, "t"))[1]
    assert found.startswith(said)


@pytest.mark.parametrize(
    ("kwargs", "retry"),
    [
        ({}, Retry()),
        ({"retries": Literal(2)}, Retry(2, 300.0)),
        ({"retries": Literal(2), "retry_delay": Delta(7)}, Retry(2, 7.0)),
        ({"retries": Literal(2), "retry_delay": Literal(8), "max_retry_delay": Delta(3)}, Retry(2, 8.0)),
        ({"retries": Literal(3), "retry_exponential_backoff": TRUE}, Retry(3, 300.0, 2.0, 86400.0)),
        (
            {"retries": Literal(3), "retry_exponential_backoff": Literal(3.5), "max_retry_delay": Delta(900)},
            Retry(3, 300.0, 3.5, 900.0),
        ),
    ],
)
def test_retries(kwargs: dict[str, Value], retry: Retry) -> None:
    made, said = task(OperatorCall(EMPTY, "t", kwargs))
    assert said == []
    assert made is not None
    assert made.task.component == NoOp()
    assert made.task.retry == retry


def test_rules_and_time_outs() -> None:
    for rule in TriggerRule:
        made, _ = task(_bash(trigger_rule=Literal(rule.value), execution_timeout=Delta(2.5)))
        assert made is not None
        assert (made.task.rule, made.task.timeout) == (rule, 2.5)
    old, _ = task(_bash(trigger_rule=Literal("dummy"), execution_timeout=Delta(0)))
    assert old is not None
    assert (old.task.rule, old.task.timeout) == (TriggerRule.ALWAYS, None)
