"""How many and how much in how long."""

import pytest

from core.access.rates import Limit, Rates


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_so_many_may_come_at_once_and_then_one_by_one(clock):
    rates = Rates(Limit(count=3, size=1e9, seconds=60), clock)
    assert [rates.take("a", 1) for _ in range(3)] == [0, 0, 0]
    assert rates.take("a", 1) == pytest.approx(20)
    clock.now += 19.9
    assert rates.take("a", 1) > 0
    clock.now += 0.1
    assert rates.take("a", 1) == 0
    assert rates.take("a", 1) > 0


def test_so_much_may_come_at_once_whatever_the_number_of_files(clock):
    rates = Rates(Limit(count=1e9, size=100, seconds=10), clock)
    assert rates.take("a", 70) == 0
    assert rates.take("a", 40) == pytest.approx(1)
    assert rates.take("a", 30) == 0


def test_what_is_refused_costs_nothing(clock):
    rates = Rates(Limit(count=1, size=100, seconds=10), clock)
    assert rates.take("a", 100) == 0
    waits = [rates.take("a", 100) for _ in range(50)]
    assert waits == [pytest.approx(10)] * 50
    clock.now += 10
    assert rates.take("a", 100) == 0


def test_what_is_larger_than_all_waits_for_all_of_it(clock):
    rates = Rates(Limit(count=5, size=100, seconds=10), clock)
    assert rates.take("a", 1000) == 0
    assert rates.take("a", 1) > 10


def test_one_key_takes_nothing_from_another(clock):
    rates = Rates(Limit(count=1, size=1e9), clock)
    assert [rates.take(key, 1) for key in "abc"] == [0, 0, 0]
    assert rates.take("a", 1) > 0


def test_no_more_is_kept_than_of_the_latest_keys(clock, monkeypatch):
    monkeypatch.setattr("core.access.rates._MOST_KNOWN", 2)
    rates = Rates(Limit(count=1, size=1e9), clock)
    for key in "abc":
        rates.take(key, 1)
    assert rates.take("c", 1) > 0 and rates.take("a", 1) == 0
