"""Too many uploads are refused with a sentence, and cost the others nothing."""

import asyncio

import pytest
from starlette.responses import PlainTextResponse

from ui import refused_uploads
from ui.upload_rates import FILES, MEGABYTES, SESSIONS, UploadRates, read_allowed, sentence

FEW = {FILES: "3", MEGABYTES: "2"}


@pytest.fixture
def put():
    """Sends a file of one session from one address; gives the status, text and headers."""
    rates = UploadRates(PlainTextResponse("taken"), read_allowed(FEW))

    def send(session="a", size=10, address="10.0.0.1", method="PUT", length=True):
        sent, body = [], [b"x" * size, b""]

        async def receive():
            part = body.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(body)}

        async def keep(message):
            sent.append(message)

        headers = [(b"content-length", str(size).encode())] if length else []
        scope = {
            "type": "http", "method": method, "path": f"/_stcore/upload_file/{session}/f",
            "headers": headers, "client": (address, 1),
        }  # fmt: skip
        asyncio.run(rates(scope, receive, keep))
        said = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], sent[1]["body"].decode(), said, len(body)

    return send


def test_so_many_files_of_a_session_are_taken_and_no_more(put):
    assert [put()[0] for _ in range(4)] == [200, 200, 200, 429]
    _, text, headers, unread = put()
    assert text == "Too many files came at once. Try again in 20 minutes."
    assert 0 < int(headers["retry-after"]) <= 1200
    assert unread == 0, "a browser looks at the answer once it has sent everything"


def test_another_session_has_its_own_and_an_address_has_that_of_ten(put):
    for session in range(SESSIONS):
        assert [put(str(session))[0] for _ in range(3)] == [200] * 3
    assert put("one more")[0] == 429
    assert put("one more", address="10.0.0.2")[0] == 200


def test_what_the_address_may_not_bring_costs_the_session_nothing(put):
    for session in range(SESSIONS):
        assert [put(str(session))[0] for _ in range(3)] == [200] * 3
    assert [put("one more")[0] for _ in range(4)] == [429] * 4
    assert [put("one more", address="10.0.0.2")[0] for _ in range(4)] == [200, 200, 200, 429]


def test_so_many_bytes_are_taken_and_no_more(put):
    assert put(size=1_500_000)[0] == 200
    assert put(size=1_000_000)[0] == 429
    assert put(size=400_000)[0] == 200


def test_an_upload_that_hides_its_size_counts_as_the_largest(put):
    assert put(length=False)[0] == 200  # forty megabytes of two
    assert put()[0] == 429


def test_what_is_no_upload_is_not_counted(put):
    assert [put(method="DELETE")[0] for _ in range(9)] == [200] * 9


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "a minute"), (60, "a minute"), (61, "2 minutes")]
)
def test_the_sentence_says_when(seconds, words):
    assert sentence(seconds).endswith(f"Try again in {words}.")


@pytest.mark.parametrize("said", ["0", "-1", "many", "nan", "inf"])
@pytest.mark.parametrize("name", [FILES, MEGABYTES])
def test_a_limit_that_is_no_number_is_refused_by_name(name, said):
    with pytest.raises(ValueError, match=name):
        read_allowed({name: said})


def test_what_is_refused_is_said_on_the_sessions_page_for_a_while(put, monkeypatch):
    monkeypatch.setattr(refused_uploads, "_told", type(refused_uploads._told)())
    for _ in range(4):
        put("told")
    assert refused_uploads._said_to("told") == sentence(1200)
    assert refused_uploads._said_to("another") == ""
    later = refused_uploads.time.monotonic() + refused_uploads.SHOWN
    monkeypatch.setattr("ui.refused_uploads.time.monotonic", lambda: later)
    assert refused_uploads._said_to("told") == ""
