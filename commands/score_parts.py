"""Score in parts: millions of pictures, Parquet, tar files, object stores, a cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.parts_network import network_of
from commands.parts_progress import duration, parts_progress
from commands.parts_wanted import TABLES, Wanted, say
from commands.studies import library
from commands.terminal import one_line_errors, progress

if TYPE_CHECKING:
    from core.batch.plan import Part, Plan
    from core.batch.run_folder import RunCard
    from core.batch.score_part import PartScorer, Scored
    from core.networks.own_network import OwnNetwork

MOST_SAID = 6


def score_in_parts(wanted: Wanted) -> None:
    """Plan, score what is left, and open what came of it; exits with 1 where rows are missing."""
    from core.batch.score_part import part_scorer

    with one_line_errors():
        _check(wanted)
        plan: Plan = _plan(wanted)
        say(plan.line)
        load_scorer, card, network = network_of(wanted, plan)
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

    return (
        plan_of(
            wanted.source,
            rows=wanted.rows,
            columns=wanted.columns,
            root=wanted.images,
            key=wanted.key,
            form=Form(**wanted.form),
            use_labels=wanted.use_labels,
        )
        .limited(wanted.limit)
        .keeping(wanted.pictures if not wanted.is_table else False)
    )


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
        click.echo(f"about {duration(each * total)} on one worker of {scorer.threads} threads")


def _into_table(wanted: Wanted, plan: Plan, scorer: PartScorer) -> None:
    """One table of all parts, written when the last one is scored."""
    import pandas as pd

    from core.batch.table_out import as_score_table
    from core.measures.table import save_table

    tables, unread = [], 0
    with parts_progress(plan, len(plan.parts)) as (advance, done):
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
    with parts_progress(plan, len(left)) as (advance, part_done):
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


def _parts(plan: Plan) -> str:
    return "1 part" if len(plan.parts) == 1 else f"{len(plan.parts):,} parts"


def _cores() -> int:
    import os

    return os.cpu_count() or 1
