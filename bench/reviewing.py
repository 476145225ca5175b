"""One reviewer at the protocol, no browser: sees an item, presses a button, sees the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from streamlit.proto.Element_pb2 import Element

from bench.session import Session


@dataclass
class Reviewer(Session):
    """A session on the Audit page.

    Attributes:
        shown: The id of the item on the screen.
        buttons: Their keys -> their ids.
    """

    shown: str = ""
    buttons: dict[str, str] = field(default_factory=dict)

    async def press(self, key: str) -> None:
        """Press a button and wait until the page has answered."""
        await self.ask("", pressed=self.buttons[key])

    def _look_at(self, element: Element) -> None:
        super()._look_at(element)
        if element.HasField("heading") and element.heading.tag == "h2":
            self.shown = element.heading.body.split(" · ")[0].split()[-1]
        if element.HasField("button"):
            # The id ends with the widget's key.
            self.buttons[element.button.id.rsplit("-", 1)[-1]] = element.button.id
