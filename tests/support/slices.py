"""Takes code out in tests: the golden cases of `fixtures/code`, and the flaws of a shipped file.

`python -m support.slices`, in `tests`, writes the expected files anew.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pyflakes import api, reporter

from core_compiler.diagnostics import Sink, to_text
from transpilers.code import CodeRequest, take_out_all
from transpilers.code.survey import REPLACEMENTS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "code"


def outcome(case: Path) -> dict[str, str]:
    """What a case gives: every shipped file, the callables' names, and the diagnostics."""
    folder = Path(os.path.relpath(case / "input"))
    asked = json.loads((case / "requests.json").read_text(encoding="utf-8"))
    sink = Sink()
    found = take_out_all([_request(folder, each) for each in asked], sink)
    lines = [
        f"{each['qualname']}: {'refused' if taken is None else taken.callable}"
        + (" (whole)" if taken and taken.whole else "")
        + (f" requires {', '.join(taken.requires)}" if taken and taken.requires else "")
        for each, taken in zip(asked, found, strict=True)
    ]
    diagnostics = to_text(sink.diagnostics).replace(f"{folder.as_posix()}/", "")
    files = {f"files/{file.path}": file.text for taken in found if taken for file in taken.files}
    return {"callables.txt": "".join(f"{line}\n" for line in lines), "diagnostics.txt": diagnostics, **files}


def flaws(files: Mapping[str, str]) -> str:
    """What pyflakes says of the files, a line a flaw; a syntax error is one, too."""
    out = io.StringIO()
    for name, text in files.items():
        api.check(text, name, reporter.Reporter(out, out))
    return out.getvalue()


def _request(folder: Path, asked: dict[str, object]) -> CodeRequest:
    values = dict(asked)
    return CodeRequest(
        path=folder / str(values.pop("file", "dag.py")),
        subject=str(values.pop("subject", asked["qualname"])),
        qualname=str(values.pop("qualname")),
        line=int(str(values.pop("line", 0))),
        closure=values.pop("closure", {}),  # pyright: ignore[reportArgumentType]
        replacements=REPLACEMENTS,
        refused_prefixes=("airflow",),
        drop_decorators=("airflow",),
    )


def rewrite(cases: Path = FIXTURES) -> None:
    """Write what each case gives now as what is expected of it: look at the difference before it is kept."""
    for case in sorted(cases.iterdir()):
        shutil.rmtree(case / "expected", ignore_errors=True)
        for name, text in outcome(case).items():
            path = case / "expected" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    rewrite()
