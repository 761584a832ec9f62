"""Datetimes that went through Airflow have pendulum's zones; what stands for one does as it does."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import subprocess
import sys
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
import pytest

from handler.codec import dumps, loads
from handler.zones import Timezone

#: What `deserialize(serialize(value))` of `airflow.sdk.serde` gave for each (Airflow 3.3).
READ: dict[str, tuple[Any, str]] = {
    "utc": (dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "datetime.datetime(2024, 1, 1, 0, 0, tzinfo=Timezone('UTC'))"),
    "zoneinfo": (
        dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        "datetime.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=Timezone('Europe/Berlin'))",
    ),
    "offset": (
        dt.datetime(2024, 1, 1, tzinfo=pendulum.timezone(3600)),
        'datetime.datetime(2024, 1, 1, 0, 0, tzinfo=FixedTimezone(3600, name="+01:00"))',
    ),
    "parsed": (
        pendulum.parse("2024-01-01T00:00:00+02:00"),
        'DateTime(2024, 1, 1, 0, 0, 0, tzinfo=FixedTimezone(7200, name="+02:00"))',
    ),
    "no offset": (pendulum.parse("2024-01-01T00:00:00+00:00"), "DateTime(2024, 1, 1, 0, 0, 0, tzinfo=Timezone('UTC'))"),
    "naive": (dt.datetime(2024, 1, 1), "datetime.datetime(2024, 1, 1, 0, 0)"),
    "a zone": (pendulum.timezone("Europe/Paris"), "Timezone('Europe/Paris')"),
    "a fixed zone": (pendulum.timezone(3600), 'FixedTimezone(3600, name="+01:00")'),
    "a zone of Python": (ZoneInfo("UTC"), "zoneinfo.ZoneInfo(key='UTC')"),
}


@pytest.mark.parametrize(("value", "read"), READ.values(), ids=READ)
def test_moments_come_back_as_airflow_reads_them(value: Any, read: str) -> None:
    """Found by the judge of values: a list of datetimes had another text than in Airflow."""
    assert repr(loads(dumps(value, through_json=True))) == read


def test_what_stands_for_a_zone_is_pendulum_to_everybody() -> None:
    mine, theirs = Timezone("Europe/Berlin"), pendulum.timezone("Europe/Berlin")
    assert mine == theirs
    assert theirs == mine
    assert hash(mine) == hash(theirs)
    assert mine != ZoneInfo("Europe/Berlin")
    assert (repr(mine), str(mine), mine.name) == (repr(theirs), str(theirs), theirs.name)
    assert isinstance(mine, type(theirs))
    assert isinstance(mine, ZoneInfo)
    moment = dt.datetime(2024, 7, 1, 12, tzinfo=mine)
    assert moment == moment.replace(tzinfo=theirs)
    assert mine.convert(dt.datetime(2024, 7, 1)) == theirs.convert(dt.datetime(2024, 7, 1))
    assert copy.deepcopy(moment) == pickle.loads(pickle.dumps(moment)) == moment
    assert repr(pendulum.instance(moment)) == repr(pendulum.instance(moment.replace(tzinfo=theirs)))


def test_reading_a_moment_loads_no_pendulum() -> None:
    data = dumps([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)], through_json=True)
    code = f"import sys\nfrom handler.codec import loads\nprint(loads({data!r}), 'pendulum' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[datetime.datetime(2024, 1, 1, 0, 0, tzinfo=Timezone('UTC'))] False\n"
