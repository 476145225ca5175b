"""Two replicas behind the balancer, on one database: one dies, and nothing confirmed is lost."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.browser import serve
from tests.browser.test_audit_browser import decided, open_audit, press, settled
from tests.patience import SECONDS

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "haproxy.cfg"
COOKIES = {"one": 0, "two": 1}


@contextmanager
def balanced(replicas, folder):
    """The address of the balancer as it is deployed; without HAProxy the first replica's own."""
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if program is None:
        yield replicas[0].url
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = CONFIGURATION.read_text().replace("bind :8501", f"bind 127.0.0.1:{port}")
    (folder / "haproxy.cfg").write_text(text)
    named = {
        f"PENUMBRA_REPLICA_{number}": each.url.removeprefix("http://")
        for number, each in enumerate(replicas, 1)
    }
    process = subprocess.Popen(
        [program, "-f", folder / "haproxy.cfg"], env=os.environ | named,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(address):
    end = time.monotonic() + SECONDS
    while True:
        try:
            with urlopen(address) as answer:
                assert answer.read() == b"ok"
                return
        except OSError:
            assert time.monotonic() < end, f"{address} does not answer"
            time.sleep(0.05)


def serving(page, replicas):
    """The replica that holds the page's session, by the balancer's cookie, and the other one."""
    named = {each["name"]: each["value"] for each in page.context.cookies()}
    first = COOKIES[named.get("penumbra_replica", "one")]
    return replicas[first], replicas[1 - first]


def test_each_replica_shows_what_the_other_decided_and_one_killed_loses_nothing(
    page, postgresql_url, tmp_path
):
    shared = {"PENUMBRA_DECISIONS": postgresql_url, "PENUMBRA_STUDIES": str(tmp_path / "studies")}
    with (
        serve(**shared) as one, serve(**shared) as two, balanced((one, two), tmp_path) as front,
    ):  # fmt: skip
        open_audit(page, front)
        confirmed = [press(page, key) for key in "ku"]
        held, other = serving(page, (one, two))
        open_audit(page, other.url)
        settled(page, 2)
        confirmed += [press(page, key) for key in "9k"]
        open_audit(page, front)
        assert serving(page, (one, two))[0] is held, "a visitor stays with one replica"
        settled(page, 4)
        confirmed.append(press(page, "k"))
        page.keyboard.press("k")  # on its way when the replica dies
        os.kill(held.process.pid, signal.SIGKILL)
        held.process.wait()
        wait_for(f"{front}/_stcore/health") if front != held.url else None
        open_audit(page, front if front != held.url else other.url)
        kept = decided(postgresql_url)
        assert set(confirmed) <= set(kept) and len(kept) == len(set(kept))
        assert len(kept) - len(confirmed) in (0, 1)
        settled(page, len(kept))
        press(page, "k")
        assert len(decided(postgresql_url)) == len(kept) + 1
