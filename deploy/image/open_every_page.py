"""Opens every page once while the image is built: one that fails stops the build.

What Python compiles meanwhile stays in the image, where nothing can be written later. To compile
all packages would take a hundred megabytes more, for modules that no page imports.
"""

from pathlib import Path

import uvicorn  # noqa: F401 - the server itself is compiled with the pages
from streamlit.testing.v1 import AppTest
from streamlit.web import bootstrap, cli  # noqa: F401 - as above

APP = Path.cwd()
"""The folder of the app, which this is called in."""

if __name__ == "__main__":
    app = AppTest.from_file(str(APP / "navigation.py"), default_timeout=600).run()
    for page in sorted(APP.glob("pages/*.py")):
        app.switch_page(f"pages/{page.name}").run()
        wrong = [found.value for found in (*app.exception, *app.error)]
        if wrong or not app.title:
            raise SystemExit(f"{page.name} does not open: {wrong}")
