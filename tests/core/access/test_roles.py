"""Who may do what, by what the provider says of them."""

import pytest

from core.access.roles import (
    LOOK,
    OPEN,
    REVIEW,
    VARIABLES,
    RolesError,
    Rules,
    names_roles,
    read_rules,
)

NOW = 1_800_000_000
ADA = {
    "sub": "17", "iat": NOW - 60, "name": "Ada Lovelace",
    "email": "Ada@Example.org", "email_verified": True, "groups": ["readers", "labels"],
}  # fmt: skip


def rights(section, **said):
    claims = {key: value for key, value in (ADA | said).items() if value is not None}
    found = read_rules(section, {}).person(claims, NOW)
    return None if found is None else set(found.rights)


def test_whoever_is_on_no_list_only_looks():
    assert rights({}) == {LOOK}
    assert rights({"review": ["bob@example.org", "others"], "open": []}) == {LOOK}


@pytest.mark.parametrize(
    "entry", ["ada@example.org", "ADA@EXAMPLE.ORG", "*@example.org", "labels", "*"]
)
def test_an_address_a_domain_a_group_and_a_star_give_a_right_and_no_other(entry):
    assert rights({"review": [entry]}) == {LOOK, REVIEW}
    assert rights({"open": [entry]}) == {LOOK, OPEN}
    assert rights({"review": [entry], "open": [entry]}) == {LOOK, REVIEW, OPEN}


@pytest.mark.parametrize("verified", [None, False, "true", 1, "false"])
@pytest.mark.parametrize("claim", ["groups", "email"])
def test_an_address_that_the_provider_has_not_verified_gives_nothing(verified, claim):
    lists = {"review": ["ada@example.org", "*@example.org"], "claim": claim}
    assert rights(lists, email_verified=verified, groups=None) == {LOOK}


@pytest.mark.parametrize(
    "said",
    [["*"], "*", ["*@example.org"], {"labels": True}, 7, None, [["labels"]], [7], "LABELS"],
)
def test_a_claim_of_another_form_gives_nothing(said):
    lists = {"review": ["labels", "*@example.org"]}
    assert rights(lists, groups=said, email_verified=False) == {LOOK}


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["labels"]}}),
        ("https://example.org/roles", {"https://example.org/roles": "labels"}),
        ("role", {"role": "labels"}),
    ],
)
def test_the_claim_may_lie_in_another_one_and_have_dots_in_its_name(claim, said):
    assert rights({"review": ["labels"], "claim": claim}, groups=None, **said) == {LOOK, REVIEW}


def test_where_there_is_a_list_of_who_may_look_nobody_else_may():
    assert rights({"look": ["others"]}) == set()
    assert rights({"look": []}) == set()
    assert rights({"look": ["readers"]}) == {LOOK}
    assert rights({"look": ["others"], "open": ["labels"]}) == {LOOK, OPEN}


@pytest.mark.parametrize(
    ("age", "counts"), [(0, True), (-299, True), (-301, False), (7199, True), (7201, False)]
)
def test_a_sign_in_counts_for_its_hours(age, counts):
    assert (rights({"hours": 2}, iat=NOW - age) is not None) == counts


@pytest.mark.parametrize("claims", [{"sub": ""}, {"sub": None}, {"sub": 17}, {"iat": None},
                                    {"iat": "now"}, {"iat": float("nan")}])  # fmt: skip
def test_claims_without_a_person_or_a_moment_are_nobodys(claims):
    assert rights({"review": ["*"]}, **claims) is None


def name(**said):
    claims = {key: value for key, value in (ADA | said).items() if value is not None}
    return Rules().person(claims, NOW).name


def test_a_name_is_the_verified_address_or_else_holds_what_nobody_else_has():
    assert name() == "ada@example.org"
    assert name(email_verified=False) == "Ada Lovelace (17)"
    assert name(email=None, name=None) == "17"
    assert name(email=None, name="\n\u202eEve\x00 ") == "Eve (17)"
    assert name(email=None, name="A" * 90) != name(email=None, name="A" * 90, sub="18")


@pytest.mark.parametrize("ending", ["a", "b"])
def test_names_fit_a_decision_and_stay_apart(ending):
    long = name(email=f"{'x' * 200}{ending}@example.org")
    other = name(email=f"{'x' * 200}c@example.org")
    assert len(long) <= 100 and long != other
    assert len(name(email=None, sub="s" * 300)) <= 100


def test_another_sign_in_is_another_one():
    people = [Rules().person(ADA | more, NOW) for more in ({}, {"iat": NOW - 61}, {"sub": "18"})]
    assert len({person.sign_in for person in people}) == 3
    assert Rules().person(dict(ADA), NOW).sign_in == people[0].sign_in


def test_the_environment_has_the_last_word():
    said = {VARIABLES["review"]: "labels, bob@example.org", VARIABLES["hours"]: "1",
            VARIABLES["look"]: " ", VARIABLES["claim"]: "role"}  # fmt: skip
    found = read_rules({"review": ["nobody"], "open": ["ada@example.org"], "hours": 9}, said)
    assert found.review == {"labels", "bob@example.org"}
    assert (found.open, found.look, found.hours) == ({"ada@example.org"}, None, 1.0)
    assert found.claim == "role"
    assert names_roles({}, said) and names_roles({"open": []}, {})
    assert not names_roles({}, {VARIABLES["look"]: " "})


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"reviewers": []}, "'reviewers'"), ({"review": 7}, "'review'"),
        ({"open": ["a", 7]}, "'open'"), ({"look": True}, "'look'"), ({"claim": 7}, "'claim'"),
        ({"claim": " "}, "'claim'"), ({"hours": 0}, "'hours'"), ({"hours": "day"}, "'hours'"),
        ({"hours": True}, "'hours'"), ({"hours": float("nan")}, "'hours'"),
        ({"hours": 721}, "'hours'"),
    ],
)  # fmt: skip
def test_settings_that_say_nothing_sensible_are_refused_by_name(section, words):
    with pytest.raises(RolesError, match=words):
        read_rules(section, {})
