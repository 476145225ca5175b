"""What every request passes on its way in, the outermost first."""

from __future__ import annotations

from starlette.middleware import Middleware

from ui.guard import Guard
from ui.response_headers import ResponseHeaders
from ui.share_tags import ShareTags
from ui.streamlit_scripts import StreamlitScripts
from ui.upload_rates import UploadRates
from ui.visits import Visits
from ui.way_back import WayBack

MIDDLEWARE = [
    Middleware(ResponseHeaders),
    Middleware(Guard),
    Middleware(StreamlitScripts),
    Middleware(UploadRates),
    Middleware(WayBack),
    Middleware(Visits),
    Middleware(ShareTags),
]
"""For `st.App`: headers stand on refusals too, and nobody's uploads count before they may."""
