"""What is fuzzed, with what it begins with and its share of the inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.fuzz import address_seeds, address_targets, file_seeds, file_targets, picture_targets


class Target(NamedTuple):
    """One door that strangers' bytes come through.

    Attributes:
        run: Takes a folder of its own and an input; raises only what nobody documented.
        seeds: Whole inputs to begin with.
        share: Of a thousand inputs.
        longest: Bytes of an input.
    """

    run: Callable[[Path, bytes], None]
    seeds: Callable[[], list[bytes]]
    share: int
    longest: int


TARGETS = {
    "links": Target(address_targets.links, address_seeds.link_seeds, 249, 2_000),
    "routes": Target(address_targets.routes, address_seeds.route_seeds, 150, 8_000),
    "pages": Target(address_targets.pages, address_seeds.page_seeds, 1, 1_000),
    "pictures": Target(picture_targets.pictures, picture_targets.encoded, 200, 4_000),
    "arrays": Target(file_targets.arrays, file_seeds.images, 120, 4_000),
    "labels": Target(file_targets.labels, file_seeds.edited_labels, 80, 2_000),
    "tables": Target(file_targets.predictions, file_seeds.tables, 70, 4_000),
    "columnar": Target(file_targets.predictions, file_seeds.columnar, 70, 6_000),
    "numpy": Target(file_targets.predictions, file_seeds.numpy_files, 60, 4_000),
}
