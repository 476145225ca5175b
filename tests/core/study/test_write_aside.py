import signal
import subprocess
import sys
import threading
import time

from core.stored.folder import open_study, write_study
from core.study import write_aside
from tests.core.stored.made_studies import content, made_study

WRITER = """
import sys, pathlib
from core.stored.folder import write_study
from tests.core.stored.made_studies import made_study
def stop(rows, total):
    print("scored", flush=True)
    sys.stdin.read()
write_study(made_study(), pathlib.Path(sys.argv[1]), progress=stop)
"""


def test_a_killed_write_leaves_nothing_that_is_listed_and_is_swept_later(tmp_path, monkeypatch):
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline() == b"scored\n"
        writer.send_signal(signal.SIGKILL)
    (stray,) = tmp_path.iterdir()
    assert stray.name.startswith(".")
    assert content(stray), "it was killed in the middle"
    write_study(made_study(), tmp_path)
    assert stray.exists(), "its writer may still be at work"
    later = time.time() + 2 * write_aside._STRAY_AFTER
    monkeypatch.setattr(time, "time", lambda: later)
    write_study(made_study(), tmp_path)
    assert not stray.exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_writers_of_one_title_at_once_all_get_a_folder_of_their_own(tmp_path):
    def write(seed):
        folders[seed] = write_study(made_study(seed), tmp_path)

    folders = {}
    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len({folder.name for folder in folders.values()}) == 6
    for seed, folder in folders.items():
        expected = made_study(seed).models[0].values
        assert (open_study(folder).model("net-1").values == expected).all()
