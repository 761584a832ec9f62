"""The context itself: a mapping whose values are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import partial
from typing import Any


class Context(MutableMapping[str, Any]):
    """Values by name. `render` renders a template with them; `pushed` is what the try has pushed so far."""

    def __init__(
        self,
        makers: Mapping[str, Callable[[], Any]],
        *,
        render: Callable[[Context, str, str, bool], Any],
        pushed: Mapping[str, bytes],
    ) -> None:
        self._makers = dict(makers)
        self._made: dict[str, Any] = {}
        self._render = render
        self.pushed = pushed

    def render(self, text: str, *, file: str = "", native: bool = False) -> Any:
        """A template rendered, its text or the `file` that holds it; `native`: into a value rather than a text."""
        return self._render(self, text, file, native)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._makers[name] = lambda: value
        self._made[name] = value

    def __delitem__(self, name: str) -> None:
        del self._makers[name]
        self._made.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __copy__(self) -> Context:
        # One and the same value in every copy: a template may change `params`, and the next one sees it.
        makers = {name: partial(self.__getitem__, name) for name in self._makers}
        return Context(makers, render=self._render, pushed=self.pushed)

    def copy(self) -> dict[str, Any]:
        """All values, made, in a dict."""
        return dict(self)
