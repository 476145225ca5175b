"""One visitor's connection at the protocol, without a browser."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

LARGEST = 200 << 20
"""Bytes of a message that a visitor takes."""


def connection(url: str) -> connect:
    """The connection to a server, to be entered with `async with`."""
    address = url.replace("http", "ws") + "/_stcore/stream"
    return connect(address, subprotocols=["streamlit"], max_size=LARGEST)


@dataclass
class Session:
    """One visitor's connection, and what it remembers.

    Attributes:
        socket: The connection.
        link: What every link of this visitor says.
        page: The page's name in its address; empty for the first.
        known: Hashes of the large messages that came -> the scatter in it, if it is one.
        chart: The id of the page's scatter.
        uploader: The id of the page's place for files.
    """

    socket: ClientConnection
    link: str
    page: str = ""
    known: dict[str, str] = field(default_factory=dict)
    chart: str = ""
    uploader: str = ""

    async def ask(
        self,
        link: str,
        selected: dict[str, str] | None = None,
        pressed: str = "",
        uploaded: UploadedFileInfo | None = None,
    ) -> int:
        """Run the page under a link, to its end; gives the bytes that came.

        Args:
            link: Its part after `?`.
            selected: What is selected on charts, by their ids.
            pressed: The id of a button that is pressed.
            uploaded: What was put where the page takes files.

        Raises:
            RuntimeError: the page ended in a fault.
        """
        asked = BackMsg()
        asked.rerun_script.query_string = "&".join(filter(None, [self.link, link]))
        asked.rerun_script.page_name = self.page
        if pressed:
            asked.rerun_script.widget_states.widgets.add(id=pressed, trigger_value=True)
        if uploaded is not None:
            widget = asked.rerun_script.widget_states.widgets.add(id=self.uploader)
            widget.file_uploader_state_value.uploaded_file_info.append(uploaded)
        asked.rerun_script.cached_message_hashes.extend(self.known)
        for id, said in (selected or {}).items():
            asked.rerun_script.widget_states.widgets.add(id=id, string_value=said)
        await self.socket.send(asked.SerializeToString())
        received = 0
        while True:
            content = await self.socket.recv()
            received += len(content)
            said = ForwardMsg.FromString(content)
            if said.WhichOneof("type") == "delta":
                self._look_at(said.delta.new_element)
            self._remember(said)
            if said.WhichOneof("type") == "script_finished":
                if said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return received
                if said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    raise RuntimeError("the page did not compile")

    async def upload(self, server: str, name: str, content: bytes) -> UploadedFileInfo:
        """Put a file where the page takes some; it is read by the next `ask`.

        Args:
            server: Its address.
            name: Of the file.
            content: Of the file.

        Raises:
            RuntimeError: the server refused it.
        """
        asked = BackMsg()
        asked.file_urls_request.request_id = name
        asked.file_urls_request.file_names.append(name)
        await self.socket.send(asked.SerializeToString())
        said = ForwardMsg()
        while said.WhichOneof("type") != "file_urls_response":
            said = ForwardMsg.FromString(await self.socket.recv())
        place = said.file_urls_response.file_urls[0]
        await asyncio.to_thread(_put, server, place.upload_url, name, content)
        return UploadedFileInfo(
            name=name, size=len(content), file_id=place.file_id, file_urls=place
        )

    def _remember(self, said: ForwardMsg) -> None:
        """Keep a large message, or take up again the scatter of one that came before."""
        if said.WhichOneof("type") == "ref_hash":
            self.chart = self.known[said.ref_hash] or self.chart
        elif said.metadata.cacheable and said.hash:
            chart = said.delta.new_element.plotly_chart.id
            self.known[said.hash] = chart if chart.endswith("-scatter") else ""

    def _look_at(self, element: Element) -> None:
        if element.HasField("exception"):
            raise RuntimeError(element.exception.message)
        if element.plotly_chart.id.endswith("-scatter"):
            self.chart = element.plotly_chart.id
        if element.HasField("file_uploader"):
            self.uploader = element.file_uploader.id


def _put(server: str, address: str, name: str, content: bytes) -> None:
    """As a browser's form does it, with the token against forged requests."""
    with urlopen(f"{server}/_stcore/health") as found:
        cookie = found.headers.get("Set-Cookie", "").partition(";")[0]
    border = "an-end-of-a-part"
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={border}",
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
    }
    asked = Request(urljoin(server, address), body, headers, method="PUT")
    try:
        with urlopen(asked):
            pass
    except HTTPError as error:
        raise RuntimeError(f"the upload was refused: {error.code}") from error
