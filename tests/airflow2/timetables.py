"""Asks Airflow 2.11 for the intervals of runs, and the runs before and after them: schedules, zones and moments."""

import json
import sys
import warnings
from datetime import timedelta

import pendulum
from airflow.models.dag import DAG

SCHEDULES = ["@daily", "@hourly", "@weekly", "@monthly", "@quarterly", "@yearly", "30 4 * * *", "15 * * * *"]
SCHEDULES += ["*/20 * * * *", "0 2 * * *", "30 2 * * 0", "0 0 1 */3 *", "0 12 * * 1-5", "0 0 31 * *", "0 0 29 2 *"]
SCHEDULES += ["15 1,13 * * *", "0 */7 * * *", 3600, 86400 * 3]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
MOMENTS = ["2024-02-29T00:00:00+00:00", "2025-03-30T00:30:00+00:00", "2025-03-30T01:00:00+00:00"]
MOMENTS += ["2025-10-26T00:30:00+00:00", "2025-10-26T01:00:00+00:00", "2025-10-26T02:30:00+00:00"]
MOMENTS += ["2025-11-02T05:30:00+00:00", "2025-11-02T06:30:00+00:00", "2025-03-09T07:00:00+00:00"]
MOMENTS += ["2026-01-01T00:00:00+00:00", "2025-06-15T12:34:56.250000+00:00", "2025-04-05T15:15:00+00:00"]

warnings.simplefilter("ignore")
asked = []
for schedule in SCHEDULES:
    for zone in ZONES:
        given = timedelta(seconds=schedule) if isinstance(schedule, int) else schedule
        dag = DAG(f"d{len(asked)}", schedule=given, start_date=pendulum.datetime(2020, 1, 1, tz=zone))
        for moment in MOMENTS:
            interval = dag.timetable.infer_manual_data_interval(run_after=pendulum.parse(moment))
            after = dag.next_dagrun_info(interval, restricted=False).logical_date
            found = [interval.start, interval.end, after, dag.previous_schedule(interval.start)]
            asked.append([schedule, zone, moment, *(one.in_tz("UTC").isoformat() for one in found)])
json.dump(asked, sys.stdout)
