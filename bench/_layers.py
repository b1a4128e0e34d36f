"""Where the time of an answer goes: database, rules, templates, the rest. Each second is counted once, in the innermost."""

import functools
import json
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template

from mobility.domain import bareme as rules

HEADER = "X-Bench-Layers"


class Clock:
    """Exclusive times by layer: entering one stops the one around it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._stack: list[str] = []
        self._since = 0.0

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._stack:
            self.spent[self._stack[-1]] += now - self._since
        self._since = now

    @contextmanager
    def inside(self, layer: str) -> Any:
        self._tick()
        self._stack.append(layer)
        try:
            yield
        finally:
            self._tick()
            self._stack.pop()


CLOCK = Clock()  # one answer at a time in a process


def _timed(layer: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        with CLOCK.inside(layer):
            return function(*args, **kwargs)

    return wrapped


def install() -> None:
    """Before the views are imported: they take the rules by name."""
    rules.bareme = _timed("rules", rules.bareme)
    Template.render = _timed("template", Template.render)  # type: ignore[method-assign]


class Layers:
    """Outermost: tells in a header the seconds of each layer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        CLOCK.spent.clear()

        def ask(execute: Callable[..., Any], *args: Any) -> Any:
            with CLOCK.inside("database"):
                return execute(*args)

        with CLOCK.inside("other"), connection.execute_wrapper(ask):
            response = self.get_response(request)
        response[HEADER] = json.dumps({name: round(spent * 1000, 2) for name, spent in CLOCK.spent.items()})
        return response
