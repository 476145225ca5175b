"""A browser that asks routes as a server does, without one."""

import asyncio
import json
from typing import NamedTuple
from urllib.parse import unquote

from starlette.applications import Starlette


class Answer(NamedTuple):
    status_code: int
    headers: dict
    content: bytes

    def json(self):
        return json.loads(self.content)


class Browser:
    """Asks some routes."""

    def __init__(self, routes):
        self._app = Starlette(routes=routes)

    def get(self, address, headers=()):
        sent = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        raw = [(name.lower().encode(), value.encode()) for name, value in dict(headers).items()]
        path, _, query = address.partition("?")
        scope = {
            "type": "http", "method": "GET", "path": unquote(path), "query_string": query.encode(),
            "headers": raw, "root_path": "", "scheme": "http", "server": ("localhost", 80),
            "asgi": {"version": "3.0", "spec_version": "2.4"},
        }  # fmt: skip
        asyncio.run(self._app(scope, receive, send))
        head = {name.decode().title(): value.decode() for name, value in sent[0]["headers"]}
        head |= {"ETag": head.get("Etag", "")}
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(sent[0]["status"], head, content)
