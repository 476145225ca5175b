"""A key acts on an item from the moment it is shown, long before its buttons are."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg

from bench.browser import serve
from bench.reviewing import Reviewer
from bench.session import connection
from tests.browser.test_audit_browser import decided
from tests.patience import SECONDS

NAME = "penumbra_pressed_keys"


@dataclass
class Hasty(Reviewer):
    """Presses a key as soon as a picture arrives, while the rest of the page is under way.

    Attributes:
        pressing: What it still presses: a key, and an id that it says in place of the item's.
        pressed_on: The items on the screen at each press.
        sent: Presses on their way.
    """

    pressing: list[tuple[Any, str | None]] = field(default_factory=list)
    pressed_on: list[str] = field(default_factory=list)
    sent: list[asyncio.Task[None]] = field(default_factory=list)
    keys: str = ""
    item: str = ""

    def _look_at(self, element: Any) -> None:
        super()._look_at(element)
        if element.bidi_component.component_name == NAME:
            self.keys = element.bidi_component.id
            self.item = json.loads(element.bidi_component.json)["item"]
        if "Picture of Digit" in element.html.body and self.pressing:
            key, said = self.pressing.pop(0)
            self.pressed_on.append(self.shown)
            self.sent.append(asyncio.create_task(self._press(key, said or self.item)))

    async def _press(self, key: Any, item: str) -> None:
        asked = BackMsg()
        asked.rerun_script.page_name = self.page
        asked.rerun_script.query_string = self.link
        said = {"event": "pressed", "value": {"item": item, "key": key}}
        asked.rerun_script.widget_states.widgets.add(id=self.keys, json_value="{}")
        asked.rerun_script.widget_states.widgets.add(
            id=_make_trigger_id(self.keys, "events"), json_trigger_value=json.dumps([said])
        )
        await self.socket.send(asked.SerializeToString())


def press(url, *pressing):
    """The items that were on the screen at each press."""

    async def pressed() -> list[str]:
        async with connection(url) as socket:
            person = Hasty(socket, "model=article&reviewer=Ada", "audit")
            await asyncio.wait_for(person.ask(""), SECONDS)
            person.pressing += pressing
            await asyncio.wait_for(person.ask(""), SECONDS)
            return person.pressed_on

    return [int(item) for item in asyncio.run(pressed())]


def test_keys_pressed_on_pictures_whose_buttons_are_not_drawn_decide_on_them(sqlite_url):
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        shown = press(server.url, *(("K", None), ("U", None), ("9", None)))
    assert len(set(shown)) == 3
    assert decided(sqlite_url) == shown


def test_a_key_pressed_on_another_item_or_unknown_decides_nothing(sqlite_url):
    with serve(PENUMBRA_DECISIONS=sqlite_url) as server:
        shown = press(server.url, ("K", "4711"), ("Q", None), (["K"], None))
    assert len(shown) == 3  # each press was sent, and the page answered it
    assert len(set(shown)) == 1
    assert decided(sqlite_url) == []
