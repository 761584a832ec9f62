"""The files of a task: fetched when asked for, kept when it has run, and never half there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judge.memory import Killed, MemoryStore, MortalStore

relative = st.lists(st.sampled_from(["..", "a", "b c", "%2E", "x.txt", "-", "é"]), min_size=1, max_size=5)


def opened(folder: Path, store: object):
    from stepweave_luigi.files import Files

    return Files(str(folder), store, {})  # pyright: ignore


@given(parts=relative, absolute=st.booleans())
def test_a_path_is_known_by_its_name_wherever_it_is(parts: list[str], absolute: bool):
    from stepweave_luigi.places import Places

    places = Places("/sandbox", MemoryStore(), {})
    path = ("/" if absolute else "") + "/".join(parts)
    place = places.place(path)
    assert place.name == os.path.normpath(path)
    assert places.name(place.local) == place.name
    assert place.local.startswith(("/sandbox/work", "/sandbox/root", "/sandbox/up"))
    assert ".." not in place.local.split("/")
    assert all(step not in ("", ".", "..") for step in place.key.split("/"))


@given(first=relative, second=relative)
def test_two_paths_have_one_key_only_if_they_are_one(first: list[str], second: list[str]):
    from stepweave_luigi.places import Places

    places = Places("/sandbox", MemoryStore(), {})
    one, other = (places.place("/".join(parts)) for parts in (first, second))
    assert (one.key == other.key) == (one.name == other.name)


def test_what_is_kept_is_fetched_by_the_next(tmp_path: Path):
    store = MemoryStore()
    first = opened(tmp_path / "1", store)
    assert not first.exists("data/x.txt")
    Path(first.local("data/x.txt")).write_text("one")
    Path(first.local("/srv/y.txt")).write_text("two")
    Path(first.local("../up.txt")).write_text("three")
    first.keep(["data/x.txt"])
    second = opened(tmp_path / "2", store)
    assert second.exists("data/x.txt")
    assert second.exists("data")
    assert not second.exists("data/x")
    assert Path(second.fetch("data/x.txt")).read_text() == "one"
    assert Path(second.fetch("/srv/y.txt")).read_text() == "two"
    assert Path(second.fetch("../up.txt")).read_text() == "three"


def test_what_is_not_changed_is_not_written_again(tmp_path: Path):
    store = MemoryStore()
    store.put("durable/files/work/a", b"1")
    files = opened(tmp_path / "1", store)
    files.fetch("a")
    store.kept["durable/files/work/a"] = b"another's"
    files.keep([])
    assert store.kept["durable/files/work/a"] == b"another's"


def test_what_is_removed_is_removed(tmp_path: Path):
    store = MemoryStore()
    for name in ("a", "folder/one", "folder/two"):
        store.put(f"durable/files/work/{name}", b"1")
    files = opened(tmp_path / "1", store)
    os.unlink(files.fetch("a"))
    os.unlink(os.path.join(files.fetch("folder"), "one"))
    assert not files.exists("a")
    files.keep([])
    assert list(store.kept) == ["durable/files/work/folder/two"]


def test_a_folder_comes_whole_and_drafts_stay_here(tmp_path: Path):
    store = MemoryStore()
    first = opened(tmp_path / "1", store)
    folder = Path(first.local("out/parts"))
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a b").write_text("1")
    (folder / "empty-luigi-tmp-0001").write_text("draft")
    first.keep(["out/parts"])
    second = opened(tmp_path / "2", store)
    assert second.exists("out/parts")
    found = Path(second.fetch("out/parts"))
    assert [str(path.relative_to(found)) for path in found.rglob("*") if path.is_file()] == ["deep/a b"]


def test_an_empty_folder_is_an_output(tmp_path: Path):
    store = MemoryStore()
    first = opened(tmp_path / "1", store)
    os.makedirs(first.fetch("out/nothing"))
    assert first.exists("out/nothing")
    first.keep(["out/nothing"])
    assert opened(tmp_path / "2", store).exists("out/nothing")
    assert os.listdir(opened(tmp_path / "3", store).fetch("out/nothing")) == []


def test_what_was_looked_for_is_known(tmp_path: Path):
    store = MemoryStore()
    for key in ("one", "folder/inside", "half/inside", "half/%"):
        store.put(f"durable/files/work/{key}", b"partial")
    files = opened(tmp_path / "1", store)
    names = ("one", "./folder", "half", "none", "/one")
    files.look(names)
    store.kept.clear()
    assert [files.exists(name) for name in names] == [True, True, False, False, False]
    Path(files.local("none")).write_text("written here since")
    assert files.exists("none")


def test_a_parent_made_for_a_file_is_not_there(tmp_path: Path):
    files = opened(tmp_path / "1", MemoryStore())
    files.fetch("out/parts/a")
    assert not files.exists("out/parts")
    assert not files.exists("out")
    Path(files.local("out/parts/a")).write_text("1")
    assert files.exists("out/parts")


@pytest.mark.parametrize("effective", [False, True])
@pytest.mark.parametrize("last", range(1, 12))
def test_an_interrupted_upload_leaves_nothing_that_exists(tmp_path: Path, last: int, effective: bool):
    """Killed at each operation on the store: the folder is there only if all of it is; the next attempt mends it."""
    store = MemoryStore()
    store.put("durable/files/work/out/parts/left-over", b"of an attempt before")
    store.put("durable/files/work/out/parts/%", b"partial")

    def attempt(number: int, seen: object) -> None:
        files = opened(tmp_path / str(number), seen)
        for name in ("a", "b", "c"):
            Path(files.local(f"out/parts/{name}")).write_text(name)
        Path(files.local("beside.txt")).write_text("beside")
        files.keep(["out/parts"])

    try:
        attempt(1, MortalStore(store, last, effective=effective))
    except Killed:
        look = opened(tmp_path / "look", store)
        if look.exists("out/parts"):
            found = look.fetch("out/parts")
            assert sorted(os.listdir(found)) == ["a", "b", "c"]
            assert look.exists("beside.txt")
    attempt(2, store)
    found = opened(tmp_path / "last", store).fetch("out/parts")
    assert sorted(os.listdir(found)) == ["a", "b", "c"]


def test_a_mapped_prefix_is_another_store(tmp_path: Path):
    from stepweave_luigi.files import Files

    store, mapped = MemoryStore(), tmp_path / "mapped"
    files = Files(str(tmp_path / "1"), store, {"/data": mapped.as_uri(), "/data/private": (tmp_path / "p").as_uri()})
    Path(files.local("/data/sets/a 1.txt")).write_text("1")
    Path(files.local("/data/private/b")).write_text("2")
    Path(files.local("/database")).write_text("3")
    files.keep([])
    assert (mapped / "sets" / "a 1.txt").read_text() == "1"
    assert (tmp_path / "p" / "b").read_text() == "2"
    assert list(store.kept) == ["durable/files/root/database"]
    again = Files(str(tmp_path / "2"), store, {"/data": mapped.as_uri()})
    assert again.exists("/data/sets")
    assert os.listdir(again.fetch("/data/sets")) == ["a 1.txt"]
