"""A time limit on the task's own code, enforced from inside.

In the main thread a timer signal interrupts even a blocking call, as Airflow's does
(`sdk/execution_time/timeout.py`). Elsewhere an exception is set in the thread, which takes effect at its next step.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType

from handler.errors import TimedOut


class Limit:
    """`with Limit(seconds) as limit:` raises `TimedOut` inside the block once the time is up.

    `on_expiry`, if set by the block, is called first: it ends what the exception alone would not, such as a process.
    """

    def __init__(self, seconds: float) -> None:
        self.on_expiry: Callable[[], None] | None = None
        self._seconds = seconds
        self._armed = False
        self._lock = threading.Lock()
        self._thread = threading.get_ident()
        self._timer: threading.Timer | None = None
        self._previous: Callable[[int, FrameType | None], object] | int | None = None

    def __enter__(self) -> Limit:
        """Start the clock; a limit of no seconds is over at once."""
        if self._seconds <= 0:
            raise self._error()
        self._armed = True
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGALRM, self._on_signal)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        else:
            self._timer = threading.Timer(self._seconds, self._on_timer)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the clock: once this has begun, nothing more is raised."""
        self._armed = False
        if self._timer is None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._previous)
            return
        with self._lock:
            self._timer.cancel()
            if error is None:
                _raise_in_thread(self._thread, None)

    def _error(self) -> TimedOut:
        return TimedOut(f"the try took longer than its {self._seconds:g} s")

    def _expire(self) -> None:
        if self.on_expiry is not None:
            self.on_expiry()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._armed:
            self._expire()
            raise self._error()

    def _on_timer(self) -> None:
        with self._lock:
            if self._armed:
                self._expire()
                _raise_in_thread(self._thread, TimedOut)


def _raise_in_thread(thread: int, error: type[BaseException] | None) -> None:
    """Set the exception that a thread raises at its next step; None takes back one that it has not raised yet."""
    import ctypes

    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error) if error else None)
