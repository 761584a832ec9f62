"""Every task's callable in the example files that Airflow and its standard provider ship."""

import importlib.util
from pathlib import Path

import pytest
from support.slices import flaws

from transpilers.code import survey


@pytest.mark.slow
def test_examples_are_sliced_or_refused_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    found = importlib.util.find_spec("airflow")
    if found is None or found.origin is None:
        pytest.skip("Airflow is not installed here: its example files are not at hand")
    root = Path(found.origin).parent
    result = survey.survey_of([root / "example_dags", root / "providers" / "standard" / "example_dags"])
    with capsys.disabled():
        counts = f"{result.sliced} sliced, {result.whole} shipped whole, {len(result.refused)} refused"
        print(f"\n{result.callables} callables in {result.files} files: {counts}")
    assert result.callables > 100
    assert result.sliced > result.callables * 3 // 4
    assert result.broken == []
    assert set(result.reasons) <= {"SW502", "SW505"}
    assert flaws(result.shipped) == ""


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dag.py").write_text(
        "from airflow.sdk import Variable, task\n\n\n@task\ndef one():\n    return 1\n\n\n"
        "def two():\n    return Variable.get('x')\n\n\ndef make(given):\n"
        "    PythonOperator(python_callable=two)\n    PythonOperator(python_callable=given)\n"
        "    PythonOperator(python_callable=lambda: one)\n",
        encoding="utf-8",
    )
    (tmp_path / "broken.py").write_text("def f(:\n", encoding="utf-8")
    assert survey.main([str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "3 callables in 1 files: 1 sliced, 0 shipped whole, 2 refused" in out
    assert "SW502 2" in out
    assert survey.main([]) == 2
