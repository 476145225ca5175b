import subprocess
import sys

from starlette.routing import Match

from tests.patience import SECONDS
from tests.test_arrows import ROOT
from ui.late_routes import ROUTES

ASKED = ("/items/mnist/ensemble/247", "/tiles/mnist/247", "/points/mnist/ensemble",
         "/export/a-token/penumbra.csv", "/still/mnist")  # fmt: skip


def of_a_new_process(code):
    ran = [sys.executable, "-c", f"import app, sys; {code}"]
    return subprocess.run(
        ran, cwd=ROOT, capture_output=True, text=True, check=True, timeout=SECONDS
    ).stdout.split()


def test_the_server_answers_before_the_large_libraries_are_there():
    large = ("pandas", "pyarrow", "scipy", "sqlalchemy", "cv2", "ai_edge_litert")
    assert of_a_new_process(f"print(*[n for n in {large!r} if n in sys.modules])") == []


def test_every_address_has_one_route_and_its_answer():
    for path in ASKED:
        scope = {"type": "http", "path": path, "method": "GET"}
        found = [route for route in ROUTES if route.matches(scope)[0] is Match.FULL]
        assert len(found) == 1, path
