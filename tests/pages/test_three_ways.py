"""The glossary's chapter on the ways of being unsure."""

import pytest

from core.trust.several_models import COST, sets_in
from examples.mnist import load_study


@pytest.fixture
def chapter(opened):
    page = opened("pages/glossary.py", chapter="ways", id="247")
    assert not page.exception
    return page


def texts(page):
    kinds = (page.markdown, page.caption, page.header, page.subheader)
    return "\n".join(str(element.value).replace("\\", "") for kind in kinds for element in kind)


def test_every_model_judges_the_chosen_digit_and_every_set(chapter):
    study, said = load_study(), texts(chapter)
    for model in study.models.values():
        assert f"**{model.title}** · {model.num_members} member" in said
    assert said.count("Digit 247 · label 4") == len(study.models)
    for items in sets_in(study.read_comparison()):
        assert items in said
    assert COST in said
    assert "How many samples are enough?" in said


def test_the_words_stand_in_the_other_chapter(opened):
    page = opened("pages/glossary.py")
    assert "On many" not in texts(page)
    assert "What do the words mean" in page.title[0].value


def test_a_chapter_that_does_not_exist_is_said_and_the_words_are_shown(opened):
    page = opened("pages/glossary.py", chapter="four")
    assert not page.exception
    assert "chapter=four" in page.warning[0].value
