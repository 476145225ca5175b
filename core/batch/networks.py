"""Which network scores the parts: described so small that it travels to any worker."""

from __future__ import annotations

import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from core.batch.places import PlaceError
from core.batch.run_folder import digest_of
from core.networks.compiled_network import CompiledNetwork
from core.networks.network_card import NetworkCard
from core.networks.own_network import OwnNetwork
from core.networks.scoring import Scorer

_SHIPPED = ("model.tflite", "atypicality.npz")


def ship_digest(scorer: Scorer) -> str:
    """SHA-256 of the files of a network that ships, and its temperature.

    Raises:
        ValueError: it is no network that ships.
    """
    network = scorer.network
    if not isinstance(network, CompiledNetwork):
        raise ValueError(f"{scorer.name} is no network that ships")
    files = tuple(sorted(p for p in network.folder.glob("*") if p.name in _SHIPPED))
    return digest_of(files, {"temperature": scorer.temperature})


@dataclass(frozen=True)
class NetworkFiles:
    """A network of one's own, by its files: a worker loads them from where they lie.

    Attributes:
        files: On a path that every worker has.
        card: Complete.
        title: What a person reads.
        temperature: Over 0.
    """

    files: tuple[Path, ...]
    card: NetworkCard
    title: str
    temperature: float = 1.0

    def __call__(self) -> Scorer:
        """What scores, loaded here.

        Raises:
            PlaceError: a file is missing on this machine.
        """
        for path in self.files:
            if not path.is_file():
                raise PlaceError(
                    f"{socket.gethostname()} has no network {path}: put it in a folder that every"
                    " worker has."
                )
        network = OwnNetwork(self.files, self.card)
        return Scorer(self.title, network, self.card.class_names, self.temperature)

    @property
    def digest(self) -> str:
        """SHA-256 of the files and of what they are read with."""
        return digest_of(self.files, asdict(self.card) | {"temperature": self.temperature})
