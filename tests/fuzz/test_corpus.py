"""Every input that ever failed is read or refused as is documented, in little memory."""

import pytest

from tests.fuzz.corpus import CORPUS
from tests.fuzz.targets import TARGETS
from tests.fuzz.watched import MOST_BYTES, watch

FAILED_ONCE = sorted(CORPUS.glob("*/*"))


@pytest.mark.parametrize("path", FAILED_ONCE, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_failed_once_does_not_fail_again(path, tmp_path):
    run = TARGETS[path.parent.name].run
    seen = watch(lambda data: run(tmp_path, data), path.read_bytes())
    # Time depends on the machine: what took too long has a test of its own.
    assert seen.finding is None or seen.finding.kind == "slow", seen.finding


@pytest.mark.parametrize("name", TARGETS)
def test_a_whole_input_of_each_kind_passes(name, tmp_path):
    target = TARGETS[name]
    for data in target.seeds()[:20]:
        seen = watch(lambda given: target.run(tmp_path, given), data)
        assert seen.finding is None or seen.finding.kind == "slow", seen.finding


def test_the_watch_sees_an_exception_and_too_much_memory():
    def raises(data):
        raise KeyError(data)

    def takes(data):
        bytearray(MOST_BYTES + 2**26)

    assert watch(raises, b"").finding.kind.startswith("KeyError tests/fuzz/test_corpus.py")
    assert watch(takes, b"").finding.kind == "large"
    assert watch(len, b"").finding is None
