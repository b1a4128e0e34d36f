"""The pace of mails and the connection that carries them."""

import smtplib
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from iprof.correspondence.outbox import relay as module
from iprof.correspondence.outbox import throttle
from iprof.correspondence.outbox.relay import Relay


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1_000_000.0, 0.0

    def time(self) -> float:
        return self.now

    monotonic = time

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(throttle, "time", clock)
    monkeypatch.setattr(module, "time", clock)
    cache.clear()
    return clock


def test_without_a_limit_nobody_waits(clock, settings):
    settings.MAIL_PER_SECOND = 0
    for _ in range(1000):
        throttle.wait_turn()
    assert clock.slept == 0


def test_all_workers_together_keep_the_pace(clock, settings):
    settings.MAIL_PER_SECOND = 10
    moments = []
    for _ in range(35):
        throttle.wait_turn()
        moments.append(int(clock.now))
    assert max(moments.count(second) for second in set(moments)) == 10
    assert len(set(moments)) == 4


def test_without_the_shared_count_each_keeps_the_pace_alone(clock, settings, monkeypatch):
    def down(*args, **kwargs):
        raise ConnectionError

    settings.MAIL_PER_SECOND = 10
    monkeypatch.setattr(throttle.cache, "add", down)
    for _ in range(20):
        throttle.wait_turn()
    assert clock.slept == pytest.approx(2)


class Backend:
    """A mail backend that notes what is asked of it."""

    def __init__(self, log: list[str]) -> None:
        self.log = log
        self.connection = SimpleNamespace(noop=self.noop)
        self.alive = True

    def open(self) -> bool:
        self.log.append("open")
        return True

    def close(self) -> None:
        self.log.append("close")

    def noop(self) -> tuple[int, bytes]:
        self.log.append("noop")
        if not self.alive:
            raise smtplib.SMTPServerDisconnected
        return 250, b"OK"


@pytest.fixture
def relay(clock, monkeypatch):
    log: list[str] = []
    made: list[Backend] = []

    def get_connection(timeout: float) -> Backend:
        log.append("made")
        made.append(Backend(log))
        return made[-1]

    monkeypatch.setattr(module, "get_connection", get_connection)
    return SimpleNamespace(relay=Relay(), log=log, made=made, clock=clock)


def test_one_connection_serves_mail_after_mail(relay):
    assert relay.relay.open() is relay.relay.open() is relay.made[0]
    assert relay.log == ["made", "open", "open"]


def test_a_connection_that_rested_is_asked_whether_it_lives(relay):
    relay.relay.open()
    relay.clock.sleep(module.RESTED + 1)
    relay.relay.open()
    assert relay.log == ["made", "open", "noop", "open"]
    relay.made[0].alive = False
    relay.clock.sleep(module.RESTED + 1)
    assert relay.relay.open() is relay.made[1]
    assert relay.log[4:] == ["noop", "close", "made", "open"]


def test_a_long_session_is_ended_before_the_relay_ends_it(relay, monkeypatch):
    monkeypatch.setattr(module, "MAX_MAILS", 3)
    for _ in range(7):
        relay.relay.open()
    assert len(relay.made) == 3


def test_another_relay_in_the_settings_is_another_connection(relay, settings):
    relay.relay.open()
    settings.EMAIL_HOST = "autre.example"
    assert relay.relay.open() is relay.made[1]


def test_a_failure_at_closing_hides_nothing(relay, monkeypatch):
    relay.relay.open()

    def gone() -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(relay.made[0], "close", gone)
    relay.relay.close()
    assert relay.relay.open() is relay.made[1]
