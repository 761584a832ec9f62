"""What every store has to do, written once: a test module subclasses this and gives the fixture `store`."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import BinaryIO, cast

import pytest
from support.streams import Digest, Pattern, pattern_digest, peak_bytes

from handler.keys import path
from handler.store import Store

#: How often two writers race; `make stores` asks for 1,000.
RACES = int(os.environ.get("STEPWEAVE_RACES", "200"))
#: The size of a large value; `make stores` asks for 2,048.
STREAMED_MB = int(os.environ.get("STEPWEAVE_STREAMED_MB", "320"))
HELD_AT_MOST = 160 * 1024 * 1024


class StoreContract:
    """The contract of `handler.store.base.Store`. `in_this_process`: the server's memory is this process's own;
    `largest_mb`: the largest value that it takes, or takes in useful time."""

    in_this_process = False
    largest_mb = 1_000_000

    def test_a_missing_key_reads_as_none(self, store: Store):
        assert store.get("nothing/here") is None

    def test_what_is_put_is_read(self, store: Store):
        store.put("a/b", b"one")
        store.put("a/b", b"two")
        assert store.get("a/b") == b"two"

    def test_what_is_deleted_is_gone(self, store: Store):
        store.put("gone/a", b"one")
        store.put("gone/ab", b"two")
        assert store.has("gone/a")
        store.delete("gone/a")
        store.delete("gone/a")
        store.delete("gone/never")
        assert not store.has("gone/a")
        assert not store.has("gone")
        assert store.get("gone/a") is None
        assert list(store.list("gone/")) == ["gone/ab"]
        assert store.put_if_absent("gone/a", b"again") is True

    def test_empty_and_large_values(self, store: Store):
        large = bytes(range(256)) * 4096 * 6
        store.put("empty", b"")
        store.put("large", large)
        assert store.get("empty") == b""
        assert store.get("large") == large

    def test_what_is_uploaded_is_read_and_downloaded(self, store: Store):
        for size in (0, 1, 9 * 1024 * 1024):
            value = bytes(range(251)) * (size // 251 + 1)
            value = value[:size]
            store.upload("up/loaded", BytesIO(b"before" + value))
            source = BytesIO(b"before" + value)
            source.seek(6)
            store.upload("up/loaded", source)
            assert store.get("up/loaded") == value
            target = BytesIO()
            assert store.download("up/loaded", target) is True
            assert target.getvalue() == value
        assert list(store.list("")) == ["up/loaded"]

    def test_a_missing_key_is_not_downloaded(self, store: Store):
        target = BytesIO()
        assert store.download("nothing/here", target) is False
        assert target.getvalue() == b""

    def test_an_upload_that_fails_half_way_leaves_what_was_there(self, store: Store):
        store.put("up/broken", b"before")
        with pytest.raises(RuntimeError, match="the disk is gone"):
            store.upload("up/broken", cast("BinaryIO", Pattern(20 * 1024 * 1024, breaks_at=12 * 1024 * 1024)))
        assert store.get("up/broken") == b"before"
        assert list(store.list("")) == ["up/broken"]

    def test_a_large_value_is_streamed_and_not_held(self, store: Store):
        size = min(STREAMED_MB, self.largest_mb) * 1024 * 1024
        digest = Digest()
        before = peak_bytes()
        store.upload("up/streamed", cast("BinaryIO", Pattern(size)))
        assert store.download("up/streamed", cast("BinaryIO", digest))
        assert digest.size == size
        assert digest.hexdigest == pattern_digest(size)
        # S3's transfers hold the parts in flight and those that wait, of 8 MiB each.
        held = peak_bytes() - before
        print(f"streamed {size:,} bytes, held {held:,}")
        assert self.in_this_process or held < min(size // 2, HELD_AT_MOST)

    def test_the_first_write_stays(self, store: Store):
        assert store.put_if_absent("done/x", b"first") is True
        assert store.put_if_absent("done/x", b"second") is False
        assert store.get("done/x") == b"first"

    def test_an_empty_first_write_stays_too(self, store: Store):
        assert store.put_if_absent("done/y", b"") is True
        assert store.put_if_absent("done/y", b"second") is False
        assert store.get("done/y") == b""

    def test_get_many_keeps_the_order(self, store: Store):
        for name in "abc":
            store.put(f"many/{name}", name.encode())
        assert store.get_many(["many/c", "many/none", "many/a", "many/b"]) == [b"c", None, b"a", b"b"]
        assert store.get_many(["many/a"]) == [b"a"]
        assert store.get_many([]) == []

    def test_list_gives_the_keys_that_begin_with_a_prefix(self, store: Store):
        for key in ("r/done/b", "r/done/a", "r/done/ab/c", "r/doing", "s/done/a"):
            store.put(key, b"")
        assert list(store.list("r/done/")) == ["r/done/a", "r/done/ab/c", "r/done/b"]
        assert list(store.list("r/done/a")) == ["r/done/a", "r/done/ab/c"]
        assert list(store.list("r/do")) == ["r/doing", "r/done/a", "r/done/ab/c", "r/done/b"]
        assert list(store.list("nothing/")) == []
        assert set(store.list("")) >= {"r/doing", "s/done/a"}

    def test_odd_names_stay_apart(self, store: Store):
        names = ["..", ".", "a b", "a%20b", "ü/ö", "ö", "x" * 900, "x" * 901, "*?<>|\\", "\ud800", "", " "]
        keys = [path(name) for name in names]
        for number, key in enumerate(keys):
            assert store.put_if_absent(f"odd/{key}", str(number).encode())
        assert store.get_many([f"odd/{key}" for key in keys]) == [str(number).encode() for number in range(len(names))]
        assert sorted(store.list("odd/")) == sorted(f"odd/{key}" for key in keys)

    def test_of_two_writers_one_wins_and_both_read_its_value(self, store: Store):
        start = threading.Barrier(2)

        def write(name: bytes, number: int) -> tuple[bool, bytes | None]:
            start.wait(timeout=30)
            won = store.put_if_absent(f"race/{number}", name)
            return won, store.get(f"race/{number}")

        with ThreadPoolExecutor(2) as pool:
            for number in range(RACES):
                results = list(pool.map(write, (b"one", b"two"), (number, number)))
                winners = [name for name, (won, _) in zip((b"one", b"two"), results, strict=True) if won]
                assert len(winners) == 1
                assert [read for _, read in results] == winners * 2

    def test_a_reader_sees_a_whole_value_or_none(self, store: Store):
        values = [bytes([letter]) * 200_000 for letter in b"abcd"]
        done = threading.Event()

        def write() -> None:
            for value in values * 5:
                store.put("whole", value)
            done.set()

        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write)
            while not done.is_set():
                assert store.get("whole") in (None, *values)
            writing.result()
