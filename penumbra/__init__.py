"""Penumbra from Python, and the installed command: it starts the app and imports none of it."""
