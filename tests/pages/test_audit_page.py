import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.review.audit import load_audit
from core.review.database import open_engine
from core.review.decision_schema import open_store
from core.review.decision_words import NONE_OF_THESE
from core.review.decisions import Decision, append, load_log
from core.review.label_methods import METHODS
from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import data_hash, load_test
from tests.pages.asked_routes import Browser
from tests.patience import SECONDS
from ui import download
from ui.late_routes import ROUTES

ROOT = Path(__file__).resolve().parents[2]
HASH = data_hash(*load_test())


@pytest.fixture(scope="module")
def ranking():
    return load_audit(load_study(), "article").ranking


@pytest.fixture
def database(sqlite_url, monkeypatch):
    monkeypatch.setenv("PENUMBRA_DECISIONS", sqlite_url)
    yield sqlite_url
    st.cache_resource.clear()
    st.cache_data.clear()


def open_page(reviewer="Ada", **link):
    app = AppTest.from_file(str(ROOT / "navigation.py"), default_timeout=SECONDS)
    app.switch_page("pages/audit.py")
    for key, text in ({"model": "article", "reviewer": reviewer} | link).items():
        app.query_params[key] = text
    app.run()
    assert not app.exception, app.exception
    return app


def press(app, key):
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    return app


def shown(app):
    """The index of the digit on the screen."""
    return int(app.header[0].value.split()[1])


def log_of(url):
    engine = open_engine(url)
    found = load_log(engine, HASH)
    engine.dispose()
    return found


def metric(app, label):
    return next(each.value for each in app.metric if each.label == label)


def test_the_first_digit_is_the_most_doubtful_and_each_key_goes_on(database, ranking):
    app = open_page()
    first = ranking.index[:4].tolist()
    assert shown(app) == first[0]
    wrong = int(ranking["suggestion"].iloc[1])
    for place, key in enumerate(["keep", f"relabel {wrong}", "unclear"]):
        press(app, key)
        assert shown(app) == first[place + 1]
    log = log_of(database)
    assert log["item"].tolist() == [str(row) for row in first[:3]]
    assert log["decision"].tolist() == ["keep", "relabel", "unclear"]
    assert log["new_label"].iloc[1] == wrong
    assert log["given_label"].tolist() == ranking["label"].iloc[:3].tolist()
    assert set(log["reviewer"]) == {"Ada"}
    assert log["scores"].iloc[0]["label_quality"] == ranking["label_quality"].iloc[0]
    assert metric(app, "Settled") == "3 of 10,000"
    assert metric(app, "Relabelled") == "1"


def test_undo_is_a_row_and_brings_the_digit_back(database, ranking):
    app = open_page()
    press(app, "keep")
    press(app, NONE_OF_THESE)
    press(app, "undo")
    assert shown(app) == ranking.index[1]
    press(app, "undo")
    assert shown(app) == ranking.index[0]
    assert metric(app, "Settled") == "0 of 10,000"
    assert log_of(database)["decision"].tolist() == ["keep", NONE_OF_THESE, "undo", "undo"]
    press(app, "undo")
    assert len(log_of(database)) == 4


def test_the_class_that_the_label_already_is_means_keep(database, ranking):
    app = open_page()
    press(app, f"relabel {int(ranking['label'].iloc[0])}")
    assert log_of(database)["decision"].tolist() == ["keep"]


def test_arrows_walk_the_ranking_and_decide_nothing(database, ranking):
    app = open_page()
    press(app, "Next")
    press(app, "Next")
    press(app, "Previous")
    assert shown(app) == ranking.index[1]
    assert log_of(database).empty


def test_a_review_goes_on_where_it_was_left(database, ranking):
    press(press(open_page(), "keep"), "skip")
    again = open_page()
    assert shown(again) == ranking.index[2]
    assert shown(open_page(reviewer="Bob")) == ranking.index[0]


def test_a_note_is_kept_with_its_decision_and_then_emptied(database):
    app = open_page()
    app.text_input(key="note").set_value("=looks like a <b>9</b>").run()
    press(app, "keep")
    press(app, "keep")
    assert log_of(database)["note"].tolist() == ["=looks like a <b>9</b>", ""]


def test_without_a_name_nothing_can_be_decided(database):
    app = open_page(reviewer=" ")
    assert all(app.button(key=key).disabled for key in ("keep", "relabel 3", "undo"))
    assert "name" in app.info[0].value


def test_twenty_labels_are_kept_at_once(database, ranking):
    app = open_page(look="Twenty at once")
    press(app, "keep all")
    assert set(log_of(database)["item"]) == {str(row) for row in ranking.index[:20]}
    assert shown(app) == ranking.index[20]


def test_a_missing_database_keeps_the_digit_and_the_decision_until_it_is_back(database, ranking):
    path = Path(sa.make_url(database).database)
    app = open_page()
    press(app, "keep")
    with sa.create_engine(database).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path.rename(path.with_suffix(".away"))
    for _ in range(2):
        press(app, "unclear")
        assert shown(app) == ranking.index[1]
        assert "is missing" in app.error[0].value
        assert "1 not saved yet" in app.error[0].value
    path.with_suffix(".away").rename(path)
    press(app, "retry")
    assert not app.error
    assert shown(app) == ranking.index[2]
    assert log_of(database)["decision"].tolist() == ["keep", "unclear"]


def test_decisions_on_several_digits_wait_together_until_the_database_is_back(database, ranking):
    path = Path(sa.make_url(database).database)
    app = press(open_page(), "keep")
    with sa.create_engine(database).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path.rename(path.with_suffix(".away"))
    for key in ("unclear", NONE_OF_THESE, "Next", "keep"):
        press(app, key)
    assert "2 not saved yet" in app.error[0].value
    path.with_suffix(".away").rename(path)
    press(app, "undo")  # writes what waited, and takes the last of it back
    assert not app.error
    assert shown(app) == ranking.index[2]
    log = log_of(database)
    assert log["item"].tolist() == [str(ranking.index[place]) for place in (0, 1, 2, 2)]
    assert log["decision"].tolist() == ["keep", NONE_OF_THESE, "keep", "undo"]


def test_an_address_that_names_no_database_is_said_on_the_page(monkeypatch, ranking):
    monkeypatch.setenv("PENUMBRA_DECISIONS", "nonsense")
    for look in ("One by one", "Results"):
        app = open_page(look=look)
        assert "cannot be used" in app.error[0].value
    assert shown(press(open_page(), "keep")) == ranking.index[0]
    st.cache_resource.clear()


def test_postgresql_away_in_the_middle_of_a_review_is_waited_for(
    postgresql_server, postgresql_url, monkeypatch, ranking
):
    monkeypatch.setenv("PENUMBRA_DECISIONS", postgresql_url)
    app = open_page()
    press(app, "keep")
    postgresql_server.stop()
    try:
        press(app, "unclear")
        assert shown(app) == ranking.index[1]
        assert "does not answer" in app.error[0].value
    finally:
        postgresql_server.start()
    press(app, "unclear")
    assert not app.error
    assert shown(app) == ranking.index[2]
    assert log_of(postgresql_url)["decision"].tolist() == ["keep", "unclear"]
    st.cache_resource.clear()


def test_an_older_schema_is_said_and_left_alone(database):
    engine = open_engine(database)
    open_store(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE schema_version SET version = 0"))
    app = press(open_page(), "keep")
    assert "older schema" in app.error[0].value
    assert log_of(database).empty
    engine.dispose()


def test_results_show_agreement_disputes_and_the_changed_accuracy(database, ranking):
    scores = load_artifacts("article").scores
    doubted = [int(index) for index in ranking.index[:2]]
    engine = open_engine(database)
    open_store(engine)
    for reviewer, decisions in (("Ada", ("relabel", "keep")), ("Bob", ("relabel", "unclear"))):
        for index, decision in zip(doubted, decisions, strict=True):
            new_label = int(scores["prediction"][index]) if decision == "relabel" else None
            append(engine, Decision(
                data_set="MNIST test", data_hash=HASH, item=str(index), new_label=new_label,
                given_label=int(scores["label"][index]), decision=decision, reviewer=reviewer,
                model="article"))  # fmt: skip
    app = open_page(look="Results")
    assert (metric(app, "Relabel"), metric(app, "Disputed")) == ("1", "1")
    before = float(scores["correct"].mean())
    assert metric(app, "With the given labels") == f"{100 * before:.2f} %"
    assert metric(app, "With the corrected labels, 10,000 digits") == f"{100 * before + 0.01:.2f} %"
    pair = app.dataframe[0].value.iloc[0]
    # Observed 1/2; by chance relabel 1/2 x 1/2, keep 1/2 x 0, unclear 0 x 1/2.
    assert pair["Cohen’s κ"] == pytest.approx((1 / 2 - 1 / 4) / (1 - 1 / 4), abs=0.005)
    assert app.dataframe[1].value.index.tolist() == [doubted[1]]
    assert len(app.get("download_button")) == 5
    engine.dispose()


@pytest.mark.parametrize("method", METHODS[1:])
def test_cleanlabs_rankings_can_be_reviewed_too(database, method):
    audit = load_audit(load_study(), "article", method)
    app = open_page(rank=method)
    assert shown(app) == audit.ranking.index[0]
    press(app, "keep")
    assert shown(app) == audit.ranking.index[1]


def test_leaving_an_item_out_is_no_correction(database, ranking):
    scores = load_artifacts("article").scores
    wrong = int(scores.index[~scores["correct"]][0])
    engine = open_engine(database)
    open_store(engine)
    append(engine, Decision(
        data_set="MNIST test", data_hash=HASH, item=str(wrong), reviewer="Ada", model="article",
        given_label=int(scores["label"][wrong]), decision=NONE_OF_THESE))  # fmt: skip
    app = open_page(look="Results")
    rest = scores.drop(index=wrong)["correct"].mean()
    assert metric(app, "With the given labels") == f"{100 * rest:.2f} %"
    assert metric(app, "With the corrected labels, 9,999 digits") == f"{100 * rest:.2f} %"
    assert {m.delta for m in app.metric if m.label.startswith("With the corr")} == {"+0.00 points"}
    assert "Without 1 digit that no label fits." in " ".join(c.value for c in app.caption)
    engine.dispose()


def test_the_files_of_a_large_review_are_sent_while_they_are_made(database, monkeypatch):
    monkeypatch.setattr(download, "MOST_AT_ONCE", 100)
    engine = open_engine(database)
    open_store(engine)

    def relabel(item, label):
        append(engine, Decision(
            data_set="MNIST test", data_hash=HASH, item=item, given_label=0, decision="relabel",
            new_label=label, reviewer="Ada", model="article"))  # fmt: skip

    relabel("17", 3)
    app = open_page(look="Results")
    links = {link.proto.label: link.proto.url for link in app.get("link_button")}
    assert len(links) == 5
    browser = Browser(ROUTES)
    relabel("18", 5)  # after the page was drawn
    labels = pd.read_csv(io.BytesIO(browser.get(links["Corrected labels, CSV"]).content))
    assert labels.set_index("id").loc[[17, 18], "label"].tolist() == [3, 5]
    assert len(labels) == 10_000
    log = browser.get(links["Decision log, Parquet"]).content
    assert pd.read_parquet(io.BytesIO(log))["new_label"].tolist() == [3, 5]
    packed = browser.get(links["Reviewed digits, ZIP"]).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert len(archive.namelist()) == 3
    with np.load(io.BytesIO(browser.get(links["Corrected labels, NPZ"]).content)) as arrays:
        assert arrays["labels"][[17, 18]].tolist() == [3, 5]
    engine.dispose()


def test_results_of_nothing_say_so(database):
    assert "Nobody" in open_page(look="Results").info[0].value


def test_the_training_images_are_reviewed_with_out_of_fold_answers(database):
    audit = load_audit(load_study().parts["train"], "ensemble", with_cleanlab=False)
    app = open_page(model="ensemble", split="train")
    assert metric(app, "Settled") == "0 of 60,000"
    for place in range(2):
        assert shown(app) == audit.ranking.index[place]
        press(app, "unclear")
    engine = open_engine(database)
    log = load_log(engine, audit.data_hash)
    engine.dispose()
    assert log["item"].tolist() == [str(row) for row in audit.ranking.index[:2]]
    assert set(log["data_set"]) == {"MNIST train"}


@pytest.mark.parametrize("link", [{"split": "train"}, {"look": "x"}, {"reviewer": "a\nb"}])
def test_a_link_that_says_nothing_sensible_opens_the_page(database, link):
    app = open_page(**link)
    assert not app.exception
    assert shown(app) == load_audit(load_study(), "article").ranking.index[0]
