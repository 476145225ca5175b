import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.pictures.large_pictures import MOST_PIXELS, STRIP, reduced
from core.pictures.picture_files import PictureError, read_picture

ROOT = Path(__file__).resolve().parents[3]
BUDGET = 700
MEASURE = r"""
import re, sys
from pathlib import Path
from core.pictures.picture_files import read_picture
path = Path(sys.argv[1])
read_picture(path.read_bytes(), path.name)
status = Path("/proc/self/status").read_text()
print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024)
"""
LARGEST = {
    "PNG RGBA": (9_400, "RGBA", {"compress_level": 1}),
    "PNG I;16": (9_400, "I;16", {"compress_level": 1}),
    "TIFF F": (9_400, "F", {"compression": "tiff_lzw"}),
    "TIFF I;16": (9_400, "I;16", {"compression": "tiff_lzw"}),
    "TIFF 1": (9_400, "1", {"compression": "group4"}),
    "BMP L": (9_400, "L", {}),
    "GIF L": (9_400, "L", {}),
    "JPEG CMYK": (9_400, "CMYK", {}),
    "JPEG progressive": (7_000, "RGB", {"progressive": True, "subsampling": 0}),
    "WEBP RGBA": (5_400, "RGBA", {"lossless": True}),
    "HEIF RGB": (5_000, "RGB", {"quality": 10}),
    "AVIF RGB": (7_000, "RGB", {"speed": 10}),
}


def large(side: int, mode: str) -> Image.Image:
    grey = np.full((side, side), 255, np.uint8)
    grey[side // 3 : side // 2, side // 3 : side // 2] = 0
    if mode == "I;16":
        return Image.fromarray(grey.astype(np.uint16) * 257)
    return Image.fromarray(grey).convert(mode)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from Linux's /proc")
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_picture_of_any_format_is_read_in_700_mb(tmp_path, name):
    side, mode, options = LARGEST[name]
    large(side, mode).save(tmp_path / "large", name.split()[0], **options)
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "large")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) <= BUDGET


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_what_cannot_be_reduced_while_it_is_decoded_is_refused_by_its_header(kind):
    side = int(MOST_PIXELS[kind] ** 0.5) + 16
    file = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(file, kind, quality=10, speed=10)
    with pytest.raises(PictureError, match=f"million pixels of a {kind} can be read"):
        read_picture(file.getvalue(), "large")


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_a_picture_reduced_in_strips_is_the_picture_reduced_as_a_whole(mode):
    side = 2 * int(STRIP**0.5) + 7
    y, x = np.mgrid[:side, :side]
    grey = (127 + 127 * np.sin(x / 90) * np.cos(y / 70)).astype(np.uint8)
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    else:
        image = Image.fromarray(grey).convert(mode)
    expected = image.convert("L") if mode in ("1", "P", "LA", "CMYK") else Image.fromarray(grey)
    found = np.asarray(reduced(image, 200).convert("L"), float)
    whole = np.asarray(expected.resize(found.shape[::-1], Image.Resampling.BOX), float)
    assert np.abs(found - whole).mean() < 3
