"""The server killed at random moments of a review; `python -m bench.faults` does it at length."""

from bench.faults import Review, killed_review, written


def test_a_killed_server_loses_no_confirmed_decision_and_doubles_none(sqlite_url):
    review = killed_review(sqlite_url, reviews=6, kills=2, seed=1)
    log = written(sqlite_url)
    found = review.against(log)
    assert review.kills == 2
    assert found["lost"] == found["twice"] == found["never asked for"] == 0
    assert found["confirmed"] + found["in doubt and written"] == len(log) >= 4


def test_a_lost_and_a_doubled_decision_would_be_counted():
    review = Review(confirmed=["1", "2"], in_doubt=["3"])
    found = review.against(["1", "1", "3", "4"])
    assert (found["lost"], found["twice"], found["never asked for"]) == (1, 1, 1)
