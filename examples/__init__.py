"""The studies that ship: one file each builds one."""

from examples import mnist

BUNDLED = {mnist.KEY: (mnist.TITLE, mnist.load_study)}
"""Key -> title and what loads it; the first one opens by itself."""
