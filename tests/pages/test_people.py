"""The People page through the front door."""

import shutil

import numpy as np

from core.stored.new_study import NewModel, NewStudy
from examples import WITH_PEOPLE
from tests.pages.any_study import ROOT, charts, html, opened, said, without_faults
from ui.studies import LIBRARY

NUM_ITEMS = 60


def made(**changed):
    rng = np.random.default_rng(0)
    shares = rng.multinomial(4, rng.dirichlet(np.full(3, 0.6), NUM_ITEMS)) / 4
    values = rng.dirichlet(np.full(3, 0.6), (2, NUM_ITEMS))
    values[:, 5], shares[5] = [0.98, 0.01, 0.01], [0.25, 0.25, 0.5]
    options = {"label_shares": shares.astype(np.float32), "num_people": np.full(NUM_ITEMS, 4)}
    labels = shares.argmax(1)
    ids = [f"i{n}" for n in range(NUM_ITEMS)]
    return NewStudy(
        "Shared", ["a", "b", "c"], [NewModel("one", "The one", values=values)], labels, ids=ids,
        **(options | changed),
    )  # fmt: skip


def test_mnist_says_which_file_would_make_it_possible(request):
    page = without_faults(request.getfixturevalue("opened")("pages/people.py", study="mnist"))
    assert "label_shares" in said(page)
    assert not charts(page)


def test_mnist_leads_to_an_example_with_ten_people(request):
    page = request.getfixturevalue("opened")("pages/people.py", study="mnist")
    assert WITH_PEOPLE.said in said(page)
    try:
        page.button(key="people example").click().run()
        assert LIBRARY.load(WITH_PEOPLE.key).dataset.num_people.min() == 10
        there = without_faults(opened("people", WITH_PEOPLE.key))
        assert "people" in charts(there)
        assert "rank correlation" in there.header[0].value.replace("\\", "")
    finally:
        shutil.rmtree(ROOT / WITH_PEOPLE.key, ignore_errors=True)


def test_a_server_of_prepared_studies_offers_no_example(request, monkeypatch):
    monkeypatch.setenv("PENUMBRA_UPLOADS", "off")
    page = request.getfixturevalue("opened")("pages/people.py", study="mnist")
    assert "label_shares" in said(page)
    assert not [button for button in page.button if button.key == "people example"]


def test_the_answer_comes_first_and_every_number_has_its_interval(written):
    written(made())
    page = without_faults(opened("people"))
    assert "rank correlation" in page.header[0].value.replace("\\", "")
    assert "people" in charts(page)
    assert "Krippendorff" in html(page)
    assert "expected entropy" in said(page)


def test_an_opened_item_says_what_people_said_and_the_link_holds_the_order(written):
    written(made())
    page = without_faults(opened("people", id="i5", part="model"))
    assert "class (4 people)" in html(page)
    assert page.query_params["part"] == "model"


def test_shares_without_numbers_and_one_member_say_what_is_not_known(written):
    whole = made()
    one = NewModel("one", "The one", values=whole.models[0].values[:1])
    written(
        NewStudy(
            whole.title, whole.class_names, [one], whole.labels, label_shares=whole.label_shares
        )
    )
    page = without_faults(opened("people"))
    assert "no aleatoric estimate" in said(page)
    assert "needs counts" in html(page)
