"""Score in parts: millions of pictures, Parquet, tar files, object stores, a cluster."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.network_options import read_network
from commands.studies import library
from commands.terminal import one_line_errors, progress

if TYPE_CHECKING:
    from core.batch.plan import Part, Plan
    from core.batch.run_folder import RunCard
    from core.batch.score_part import PartScorer, Scored
    from core.networks.own_network import OwnNetwork
    from core.networks.scoring import Scorer

MOST_SAID = 6
TABLES = (".parquet", ".csv")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants scored in parts; each attribute as the option of its name says."""

    source: str
    out: str
    networks: tuple[Path, ...]
    model: str
    engine: str
    threads: int | None
    workers: int | None
    rows: int
    limit: int | None
    resume: bool
    dry_run: bool
    opens: bool
    study: str | None
    use_labels: bool
    temperature: float
    columns: dict[str, str | None]
    images: str | None
    key: str | None
    form: dict[str, Any]

    @property
    def is_table(self) -> bool:
        """Whether the output is one file, and no folder of parts."""
        return self.out.endswith(TABLES)


def score_in_parts(wanted: Wanted) -> None:
    """Plan, score what is left, and open what came of it; exits with 1 where rows are missing."""
    from core.batch.score_part import part_scorer

    with one_line_errors():
        _check(wanted)
        plan: Plan = _plan(wanted)
        say(plan.line)
        load_scorer, card, network = _network(wanted, plan)
        threads = wanted.threads if wanted.engine == "local" else 1
        load = partial(part_scorer, load_scorer, plan.reading, wanted.out, threads or _cores())
        if wanted.dry_run:
            _dry_run(plan, load)
        elif wanted.is_table:
            _into_table(wanted, plan, load())
        else:
            _into_folder(wanted, plan, load, card, network)


def _check(wanted: Wanted) -> None:
    """Refuse before the work what could not be done after it."""
    from commands.terminal import require_place

    if wanted.is_table:
        if wanted.engine == "ray":
            raise ValueError("Ray writes parts: name a folder with --out, not a file.")
        require_place(Path(wanted.out), *TABLES)


def _plan(wanted: Wanted) -> Plan:
    from core.batch.inputs import plan_of
    from core.pictures.array_forms import Form

    return plan_of(
        wanted.source,
        rows=wanted.rows,
        columns=wanted.columns,
        root=wanted.images,
        key=wanted.key,
        form=Form(**wanted.form),
        use_labels=wanted.use_labels,
    ).limited(wanted.limit)


def _network(wanted: Wanted, plan: Plan) -> tuple[Callable[[], Scorer], RunCard, OwnNetwork | None]:
    """What loads the network, the card of the run, and the network if it is one's own."""
    from core.batch.networks import NetworkFiles, ship_digest
    from core.batch.run_folder import RunCard
    from core.batch.score_part import what_it_says_of_nothing

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
    from examples.mnist import load_study

    return scorer_of(load_study(), name)


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
        if len(images) == MOST_SAID:
            break
    if not images:
        raise ValueError("The first part holds no picture that can be read.")
    network, line = settle_outputs(network, np.stack(images))
    say(line)
    return network


def _dry_run(plan: Plan, load: Callable[[], PartScorer]) -> None:
    """What would be read, and from ten rows how long it takes."""
    from dataclasses import replace

    scorer = load()
    first = replace(plan.parts[0], most=1)
    scorer.table(first)  # what is loaded once is not counted
    started = time.perf_counter()
    rows = len(scorer.table(replace(plan.parts[0], most=10)))
    each = (time.perf_counter() - started) / max(1, rows)
    total = plan.rows
    counted = "an unknown number of" if total is None else f"{total:,}"
    click.echo(f"{counted} rows in {_parts(plan)}; {1000 * each:.1f} ms a row by {rows}")
    if total is not None:
        click.echo(f"about {_duration(each * total)} on one worker of {scorer.threads} threads")


def _into_table(wanted: Wanted, plan: Plan, scorer: PartScorer) -> None:
    """One table of all parts, written when the last one is scored."""
    import pandas as pd

    from core.batch.table_out import as_score_table
    from core.measures.table import save_table

    tables, unread = [], 0
    with _progress(plan, len(plan.parts)) as (advance, done):
        for part in plan.parts:
            tables.append(as_score_table(scorer.table(part, advance), scorer))
            done()
    table = pd.concat(tables, ignore_index=True)
    table.index.name = "index"
    save_table(table, Path(wanted.out))
    unread = int(table["problem"].notna().sum()) if "problem" in table else 0
    _end(len(table), unread, [], wanted.out)


def _into_folder(
    wanted: Wanted, plan: Plan, load: Callable[[], PartScorer], card: RunCard,
    network: OwnNetwork | None,
) -> None:  # fmt: skip
    from core.batch.places import Place
    from core.batch.run_folder import begin

    left = begin(Place(wanted.out), card, plan, wanted.resume)
    if done := len(plan.parts) - len(left):
        say(f"{done:,} of {len(plan.parts):,} parts are there already")
    rows = problems = 0
    faults: list[str] = []
    with _progress(plan, len(left)) as (advance, part_done):
        for scored in _scored(wanted, load, left, advance):
            if scored.said:
                faults.append(scored.said)
            elif wanted.engine == "ray":
                advance(scored.rows)
            rows, problems = rows + scored.rows, problems + scored.problems
            part_done()
    if not faults and wanted.opens:
        _open(wanted, network)
    _end(rows, problems, faults, wanted.out)


def _scored(
    wanted: Wanted, load: Callable[[], PartScorer], left: list[Part], advance: Callable[[int], None]
) -> Iterable[Scored]:
    if not left:
        return iter(())
    if wanted.engine == "local":
        from core.batch.here import score_here

        return score_here(load, left, advance)
    try:
        from core.batch.on_ray import score_on_ray
    except ModuleNotFoundError as error:
        raise ValueError("--engine ray needs a package: pip install 'ray[data]'.") from error
    return score_on_ray(load, left, wanted.workers)


def _open(wanted: Wanted, network: OwnNetwork | None) -> None:
    """The study of the parts, unless it is there already."""
    from core.batch.parts_table import load_parts, study_of_parts

    found = library()
    known = [entry.key for entry in found.list() if wanted.out in sources_of(found, entry.key)]
    if known:
        say(f"open already as {known[0]}: /?study={known[0]}")
        return
    with (
        progress("rows") as advance,
        study_of_parts(load_parts(wanted.out), advance=advance) as new,
    ):
        key = found.add(new)
    if network is not None:
        (name,) = found.load(key).models
        found.add_network(key, name, network)
    click.echo(f"Opened as {key}: /?study={key}")


def sources_of(found: Any, key: str) -> tuple[str, ...]:
    """Where the files of an opened study came from; none where it cannot be opened."""
    try:
        return tuple(found.load(key).sources)
    except ValueError:
        return ()


def _end(rows: int, problems: int, faults: list[str], out: str) -> None:
    for fault in faults[:MOST_SAID]:
        say(fault)
    if len(faults) > MOST_SAID:
        say(f"{len(faults) - MOST_SAID:,} more parts could not be read")
    if problems:
        pictures = "1 picture" if problems == 1 else f"{problems:,} pictures"
        say(f"{pictures} could not be read: the column problem says why")
    click.echo(f"{rows:,} rows scored: {out}" if rows else f"nothing was left to score: {out}")
    if problems or faults:
        raise click.exceptions.Exit(1)


def say(line: str) -> None:
    """A line about the work, beside what it gives."""
    click.echo(f"penumbra: {line}", err=True)


@contextmanager
def _progress(plan: Plan, parts: int) -> Iterator[tuple[Callable[[int], None], Callable[[], None]]]:
    """Rows, parts, rate and time left, if the error stream is a terminal."""
    if not sys.stderr.isatty():
        yield lambda rows: None, lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.completed:,.0f} rows"), BarColumn(), TextColumn("{task.fields[parts]}"),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
    )  # fmt: skip
    whole = len(plan.parts)
    left = None if plan.rows is None else plan.rows * parts // max(1, whole)
    started, ended = time.perf_counter(), 0
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=left, parts=f"0 of {parts:,} parts", rate="")

        def advance(rows: int) -> None:
            bar.advance(task, rows)
            rate = bar.tasks[0].completed / (time.perf_counter() - started)
            bar.update(task, rate=f"{rate:,.0f} rows/s")

        def done() -> None:
            nonlocal ended
            ended += 1
            bar.update(task, parts=f"{ended:,} of {parts:,} parts")

        yield advance, done


def _parts(plan: Plan) -> str:
    return "1 part" if len(plan.parts) == 1 else f"{len(plan.parts):,} parts"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _cores() -> int:
    import os

    return os.cpu_count() or 1
