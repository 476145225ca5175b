"""Presses that are faster than the answers: a request may carry what an answer has overtaken."""

import pytest


@pytest.fixture
def unhurried(monkeypatch):
    """However long a busy machine takes over a rerun, the next request still counts as soon."""
    monkeypatch.setattr("ui.state.ECHO", 60.0)
    monkeypatch.setattr("ui.state.LATE_ECHO", 60.0)


def test_a_press_is_not_written_back_into_its_own_widget(opened):
    at = opened()
    at.toggle(key="wrong").set_value(True).run()
    assert at.toggle(key="wrong").value
    assert not at.toggle(key="wrong").proto.set_value  # it would undo what was pressed meanwhile


def test_what_the_link_says_is_written_into_the_widget(opened):
    at = opened()
    at.query_params["wrong"] = "true"  # as Back or Forward change it
    at.run()
    assert at.toggle(key="wrong").value
    assert at.toggle(key="wrong").proto.set_value


def test_a_second_press_with_the_link_of_before_keeps_the_first(opened):
    at = opened()
    at.toggle(key="wrong").set_value(True).run()
    at.query_params.clear()  # the browser has not yet heard of the first press
    at.number_input(key="most").set_value(7).run()
    assert at.query_params == {"wrong": "true", "most": "7"}
    assert at.toggle(key="wrong").value


def test_a_value_just_replaced_that_comes_again_is_no_press(opened, unhurried):
    at = opened(wrong="true")
    at.button(key="reset").click().run()
    assert not at.toggle(key="wrong").value
    at.toggle(key="wrong").set_value(True)  # what the browser still showed
    at.number_input(key="most").set_value(7).run()
    assert at.query_params == {"most": "7"}
    assert not at.toggle(key="wrong").value


def test_a_switch_may_be_switched_back_after_a_reset(opened, monkeypatch):
    monkeypatch.setattr("ui.state.ECHO", 0.0)  # its time has passed
    at = opened(wrong="true")
    at.button(key="reset").click().run()
    at.toggle(key="wrong").set_value(True).run()
    assert at.query_params == {"wrong": "true"}


def test_a_share_pressed_twice_is_not_undone_by_the_threshold_it_replaced(opened, unhurried):
    at = opened("pages/trust.py", model="article", section="declining")
    first = at.number_input(key="decline_threshold").value
    at.slider(key="decline_share").set_value(5.5).run()
    second = at.number_input(key="decline_threshold").value
    at.number_input(key="decline_threshold").set_value(first)  # what the browser still showed
    at.slider(key="decline_share").set_value(6.0).run()
    assert at.slider(key="decline_share").value == 6.0
    assert at.number_input(key="decline_threshold").value not in {first, second}


def test_a_value_told_between_two_late_requests_is_no_press_either(opened, unhurried):
    at = opened("pages/trust.py", model="article", section="declining")
    shown = [at.number_input(key="decline_threshold").value]
    at.slider(key="decline_share").set_value(5.1).run()
    shown.append(at.number_input(key="decline_threshold").value)
    for share, late in ((5.2, shown[0]), (5.3, shown[1])):
        at.number_input(key="decline_threshold").set_value(late)  # one answer behind
        at.slider(key="decline_share").set_value(share).run()
    assert at.slider(key="decline_share").value == 5.3
