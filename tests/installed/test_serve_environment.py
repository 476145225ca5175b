"""The dashboard where TensorFlow is not installed."""

from tests.installed.conftest import ROOT, run

OPEN_EVERY_PAGE = """
import importlib.util, pathlib, sys
from streamlit.testing.v1 import AppTest

for name in ("tensorflow", "tensorflow_probability", "keras", "tf_keras"):
    assert importlib.util.find_spec(name) is None, name + " is installed"
pages = sorted(path.stem for path in pathlib.Path("pages").glob("*.py"))
app = AppTest.from_file("navigation.py", default_timeout=600).run()
for page in pages:
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, (page, [found.value for found in app.exception])
    assert not app.error, (page, [found.value for found in app.error])
    assert app.title, page + " has no title"
assert not any(name.partition(".")[0] in {"tensorflow", "keras"} for name in sys.modules)
print(*pages)
"""


def test_every_page_opens_without_tensorflow_where_the_wheel_put_it(python, app):
    pages = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    assert run(python, "-c", OPEN_EVERY_PAGE, cwd=app).split() == pages


def test_images_are_scored_and_evaluated_without_tensorflow(python, tmp_path):
    source, out = tmp_path / "digits.npz", tmp_path / "scores.parquet"
    pack = (
        "import numpy as np; from examples.mnist_data import load_test;"
        "images, labels = load_test();"
        f"np.savez({str(source)!r}, images=images[:50], labels=labels[:50])"
    )
    run(python, "-c", pack)
    assert "50 images scored" in run(python, "cli.py", "score", source, "--out", out)
    assert out.is_file()
    assert "accuracy" in run(python, "cli.py", "evaluate")
