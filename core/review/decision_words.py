"""What can be decided on a label, as it is written in the log and in files of labels."""

NONE_OF_THESE = "none of these"
"""The item is of no class of its data set."""
OLD_NONE_OF_THESE = "not a digit"
"""What version 0.1 called it."""
DECISIONS = ("keep", "relabel", "unclear", NONE_OF_THESE, "skip", "undo")
NOT_USABLE = ("unclear", NONE_OF_THESE)
"""Decisions after which no model should learn the label, or be judged by it."""
