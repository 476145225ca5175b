import pytest

from tests.core.reading.made_files import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
