"""The commands of `cli.py`, a file each, and what they share with the terminal."""
