"""Templates and context arguments that the files are made of; all stand still during a run, and between two."""

from __future__ import annotations

TEMPLATES = (
    "{{ ds }}",
    "{{ ds_nodash }} {{ ts_nodash }}",
    "{{ ts }}",
    "{{ macros.ds_add(ds, -3) }}",
    "{{ macros.ds_format(ds, '%Y-%m-%d', '%d.%m.%y') }}",
    "{{ logical_date.strftime('%H') }}",
    "{{ logical_date.add(days=1) | ds }}",
    "{{ data_interval_start | ts_nodash }}",
    "{{ (data_interval_end - macros.timedelta(hours=1)).isoformat() }}",
    "{{ params.count }}",
    "{{ params.count + 1 }}",
    "{{ params.word | shout }}",
    "{{ twice(params.word) }}",
    "{{ task.task_id }} {{ dag.dag_id }}",
    "{{ ti.try_number }} {{ ti.map_index }}",
    "{% for i in range(params.count) %}{{ i }},{% endfor %}",
    "{{ dag_run.conf.get('missing', 'none') }}",
    "{{ [1, 2, (3, 'x')] }}",
    "plain",
)
#: Each context argument, and what of it a task returns.
CONTEXT = {
    "ds": "ds",
    "ts": "ts",
    "logical_date": "[type(logical_date).__name__, logical_date]",
    "data_interval_start": "data_interval_start",
    "data_interval_end": "data_interval_end",
    "params": "[dict(params), params['count']]",
    "ti": "[ti.task_id, ti.dag_id, ti.map_index, ti.try_number]",
    "task": "[task.task_id, task.retries]",
    "dag": "dag.dag_id",
    "dag_run": "[dag_run.dag_id, dict(dag_run.conf or {})]",
    "ds_nodash": "ds_nodash",
}
