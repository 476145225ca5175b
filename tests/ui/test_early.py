"""What the first visitor needs is there when their page asks for it, and nothing else is read."""

import asyncio
import json
import socket
import subprocess
import sys
from threading import enumerate as threads

from examples import BUNDLED
from tests.patience import SECONDS
from tests.test_arrows import ROOT
from ui.early import made_early

VISIT = """
import json, sys
from streamlit.testing.v1 import AppTest
import app
from core.figures import scatter
from examples import BUNDLED
from ui import early
early._make_ready(BUNDLED)
import ui.cache
there, drawn = set(sys.modules), []
kept = ui.cache.scatter_figure
ui.cache.scatter_figure = lambda *asked: drawn.append(asked) or kept(*asked)
at = AppTest.from_file("navigation.py", default_timeout=600).run()
assert not at.exception and at.get_by_key("scatter").proto.spec
study = BUNDLED["mnist"][1]()
print(json.dumps({
    "drawn anew": len(drawn),
    "imported": [name for name in sys.modules if name not in there],
    "read": [name for name, model in study.models.items()
             if {"scores", "values", "features"} & set(vars(model))],
    "accuracies": {metric.label: metric.value for metric in at.metric},
}))
"""


def test_the_first_page_finds_its_scatter_drawn_and_reads_nothing_of_other_models():
    ran = subprocess.run(
        [sys.executable, "-c", VISIT.replace('"navigation.py"', repr(str(ROOT / "navigation.py")))],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=SECONDS,
    )  # fmt: skip
    found = json.loads(ran.stdout.splitlines()[-1])
    study = BUNDLED["mnist"][1]()
    first, *others = study.models
    assert found["drawn anew"] == 0
    assert found["read"] == [first]
    large = ("pandas", "plotly.io", "pyarrow", "PIL", "core.figures", "ui.")
    assert [name for name in found["imported"] if name.startswith(large)] == []
    for name in others:
        right = f"{100 * study.models[name].scores['correct'].mean():.2f} %"
        assert found["accuracies"][f"{study.models[name].title} on the same"] == right


def test_it_begins_once_the_server_runs():
    async def begin():
        async with made_early(BUNDLED)(None):
            return [thread for thread in threads() if thread.name == "first page"]

    with socket.create_server(("127.0.0.1", 0)) as listening:
        for thread in asyncio.run(begin()):
            thread.join(SECONDS)
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert {"pandas", "plotly", "ui.first_page"} <= set(sys.modules)
