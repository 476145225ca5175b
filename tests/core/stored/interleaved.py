"""What another process does in between, before each file system call of one act in turn."""

import io
import itertools
import os
from contextlib import contextmanager

import pytest

CALLS = (
    "scandir", "listdir", "stat", "lstat", "open", "mkdir", "rename", "replace", "unlink", "rmdir",
)  # fmt: skip


def interleavings(folder, deed):
    """Contexts for the same act again and again: in the n-th, `deed` comes before the n-th call.

    The last is the one in which the act was over before its turn came. Each yields what the
    calls were, the last of which the deed preceded.
    """
    for number in itertools.count(1):
        calls = []
        yield _deed_before(number, folder, deed, calls)
        if len(calls) < number:
            assert number > 1, "the act made no call at all"
            return


@contextmanager
def _deed_before(number, folder, deed, calls):
    def between(name, call):
        def called(path=".", *args, **more):
            if len(calls) < number and str(path).startswith(str(folder)):
                calls.append(f"{name} {path}")
                if len(calls) == number:
                    deed()
            return call(path, *args, **more)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, between(name, getattr(os, name)))
        patch.setattr(io, "open", between("open", io.open))
        yield calls
