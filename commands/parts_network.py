"""Which network scores parts: of files, of a study, or one that ships."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from commands.network_options import read_network
from commands.parts_wanted import Wanted, say
from commands.studies import library

if TYPE_CHECKING:
    from core.batch.plan import Plan
    from core.batch.run_folder import RunCard
    from core.networks.own_network import OwnNetwork
    from core.networks.scoring import Scorer

FEW = 6
"""Pictures that show what a network's outputs are."""


def network_of(
    wanted: Wanted, plan: Plan
) -> tuple[Callable[[], Scorer], RunCard, OwnNetwork | None]:
    """What loads the network, the card of the run, and the network if it is one's own."""
    from core.batch.networks import NetworkFiles, ship_digest
    from core.batch.part_answers import what_it_says_of_nothing
    from core.batch.run_folder import RunCard

    network = None
    if wanted.networks or wanted.study:
        network, title, temperature = _own(wanted, plan)
        files = NetworkFiles(network.files, network.card, title, temperature)
        load: Callable[[], Scorer] = files
        digest = files.digest
    else:
        load = partial(bundled, wanted.model)
        digest = ship_digest(load())
    scorer = load()
    said = what_it_says_of_nothing(scorer)
    card = RunCard(
        plan=plan.fingerprint, parts=len(plan.parts), network=digest, title=scorer.name,
        class_names=scorer.class_names, kind=said.kind, num_members=said.values.shape[0],
        temperature=scorer.temperature, source=wanted.source,
        root=_root(wanted, plan),
    )  # fmt: skip
    return load, card, network


def _own(wanted: Wanted, plan: Plan) -> tuple[OwnNetwork, str, float]:
    """A network of one's own, its title, and its temperature: of files, or of a study."""
    from core.networks.own_network import OwnNetwork

    if wanted.study is None:
        network = _settled(read_network(wanted.networks, None, {}, say), plan)
        return network, "+".join(path.stem for path in wanted.networks), wanted.temperature
    study = library().load(wanted.study)
    name, kept = next(iter(study.networks.items()), ("", None))
    if not isinstance(kept, OwnNetwork):
        raise ValueError(f"{wanted.study} was not opened with a network: name one with --network.")
    return kept, name, study.model(name).temperature


def bundled(name: str) -> Scorer:
    """What scores as a model that ships."""
    from core.networks.scoring import scorer_of
    from examples import load_first

    return scorer_of(load_first(), name)


def _root(wanted: Wanted, plan: Plan) -> str | None:
    """Where the pictures' paths start, so that the study finds them."""
    if plan.reading.source == "pictures":
        return plan.parts[0].address
    return plan.reading.root if plan.reading.holds_paths else None


def _settled(network: OwnNetwork, plan: Plan) -> OwnNetwork:
    """The network with its kind of outputs found by the first pictures that can be read."""
    import numpy as np

    from core.batch.read_part import read_part
    from core.networks.own_network import settle_outputs

    if network.card.outputs is not None:
        return network
    images = []
    for item in read_part(plan.parts[0], plan.reading, network.card.class_names):
        if item.picture is not None:
            images.append(network.fit(item.picture))
        if len(images) == FEW:
            break
    if not images:
        raise ValueError("The first part holds no picture that can be read.")
    network, line = settle_outputs(network, np.stack(images))
    say(line)
    return network
