"""What a link may say behind each key, and the sentence for what it may not."""

import pytest

from ui.readers import classes, whole

LONG = "9" * 5_000


@pytest.mark.parametrize("read", [whole(1, 10**9), classes(10)])
def test_a_number_of_thousands_of_digits_is_refused_in_our_words(read):
    with pytest.raises(ValueError, match="must be a") as caught:
        read([LONG])
    assert "digits" not in str(caught.value)


def test_whole_numbers_and_classes_are_read():
    assert whole(0, 40)(["40"]) == 40
    assert classes(10)(["7", "1", "7"]) == [1, 7]
