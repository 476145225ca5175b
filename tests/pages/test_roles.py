"""Every page asks who is here on the server's side: a press that no page offers changes nothing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.review.database import open_engine
from core.review.decision_schema import open_store
from tests.patience import SECONDS
from tests.ui.signed import claims, turn_on

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
LOOKER, REVIEWER, OPENER = (claims(name) for name in ("lu", "ada", "odo"))
ROLES = {"review": ["ada@example.org"], "open": ["odo@example.org"]}


def opened(page, user, **link):
    app = AppTest.from_file(str(ROOT / "navigation.py"), default_timeout=SECONDS)
    app.user = user
    app.switch_page(f"pages/{page}.py")
    for key, text in link.items():
        app.query_params[key] = text
    app.run()
    assert not app.exception, [found.value for found in app.exception]
    return app


def said(app):
    kinds = (app.title, app.info, app.error, app.caption, app.markdown, app.text)
    return "\n".join(each.value for kind in kinds for each in kind).replace("\\", "")


def decided(url):
    engine = open_engine(url)
    open_store(engine)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("select reviewer, decision from decisions").fetchall()
    engine.dispose()
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("user", [{}, {"is_logged_in": False}, LOOKER | {"iat": 1}])
@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_sees_the_way_in_on_every_page(monkeypatch, page, user):
    turn_on(monkeypatch, ROLES)
    app = opened(page, user)
    assert [title.value for title in app.title] == ["Penumbra"]
    assert [button.label for button in app.button] == ["Sign in"]
    assert not app.sidebar and not app.get("plotly_chart") and not app.metric
    assert ("Your sign-in is over" in said(app)) == bool(user.get("is_logged_in"))


@pytest.mark.parametrize("page", PAGES)
def test_where_the_settings_contradict_themselves_every_page_says_so_alone(monkeypatch, page):
    turn_on(monkeypatch, {"reviewers": ["ada@example.org"]})
    app = opened(page, REVIEWER)
    assert "'reviewers'" in said(app) and not app.button and not app.sidebar


def test_whoever_is_not_on_the_list_of_who_may_look_can_only_sign_out(monkeypatch):
    turn_on(monkeypatch, {"look": ["ada@example.org"]})
    app = opened("explore", LOOKER)
    assert "You may not look" in said(app) and "lu@example.org" in said(app)
    assert [button.label for button in app.button] == ["Sign out"]


def test_without_a_sign_in_nothing_is_asked(own_decisions):
    app = opened("audit", {})
    assert "Your name" in [each.label for each in app.text_input]
    assert "Signed in" not in said(app)


@pytest.fixture
def database(own_decisions, monkeypatch, sqlite_url):
    monkeypatch.setenv("PENUMBRA_DECISIONS", sqlite_url)
    return sqlite_url


def test_a_press_that_was_never_offered_settles_nothing(monkeypatch, database):
    turn_on(monkeypatch, ROLES)
    app = opened("audit", LOOKER, reviewer="Ada")
    assert app.button(key="keep").disabled
    app.button(key="keep").proto.disabled = False  # as a forged message from a browser
    app.button(key="keep").click().run()
    assert not app.exception
    assert decided(database) == []
    assert "not settle them" in said(app)


def test_a_right_that_was_taken_away_meanwhile_settles_nothing(monkeypatch, database):
    turn_on(monkeypatch, ROLES)
    app = opened("audit", REVIEWER)
    turn_on(monkeypatch, {"review": ["odo@example.org"]})
    app.button(key="keep").click().run()
    assert decided(database) == []
    assert "not settle them" in said(app)


def test_a_decision_carries_the_name_of_the_sign_in(monkeypatch, database):
    turn_on(monkeypatch, ROLES)
    app = opened("audit", REVIEWER, reviewer="Bob")
    app.button(key="keep").click().run()
    assert decided(database) == [("ada@example.org", "keep")]
    app.button(key="undo").click().run()
    assert ("ada@example.org", "undo") in decided(database)


def test_a_sign_in_that_is_over_settles_nothing_in_a_page_that_is_still_open(monkeypatch, database):
    turn_on(monkeypatch, ROLES)
    app = opened("audit", REVIEWER)
    app.user = {}
    app.button(key="keep").click().run()
    assert decided(database) == []
    assert [button.label for button in app.button] == ["Sign in"]


def test_files_are_brought_by_openers_alone(monkeypatch):
    turn_on(monkeypatch, ROLES)
    app = opened("open", REVIEWER)
    assert "not bring or change files" in said(app) and not app.get("file_uploader")
    assert opened("open", OPENER).get("file_uploader")
    app = opened("draw", LOOKER, way="upload")
    assert "not bring or change files" in said(app) and not app.get("file_uploader")
    assert opened("draw", OPENER, way="upload").get("file_uploader")
