"""What the page says of files before they are opened."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.patience import SECONDS

CSV = """c0,c1,label,note
0.25,0.75,1,<img src=https://example.org/x.png>
0.5,0.5,0,![a](https://example.org/y.png)
"""


def page(path):
    from pathlib import Path

    from core.reading.read import Source, read_files
    from ui.reading_questions import show_reading

    show_reading(read_files([Source("theirs.csv", Path(path))]))


def test_the_first_rows_are_shown_as_they_are_understood_and_as_nothing_else(tmp_path: Path):
    path = tmp_path / "theirs.csv"
    path.write_text(CSV)
    app = AppTest.from_function(page, args=(str(path),), default_timeout=SECONDS).run()
    assert not app.exception
    (html,) = (part.proto.body for part in app.get("html"))
    assert html.count("<tr>") == 1 + CSV.count("\n") - 1
    for cell in ("0.25, 0.75", "&lt;img src=https://example.org/x.png&gt;", "<th>note</th>"):
        assert cell in html
    assert "<img" not in html
