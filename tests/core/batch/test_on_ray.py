"""Parts on a cluster of several nodes: the same rows as here, whatever is killed."""

import importlib
import os
from functools import partial

import pytest

pytest.importorskip("ray")

import ray

from bench.ray_nodes import add_node
from core.batch import on_ray
from core.batch.here import score_here
from core.batch.networks import NetworkFiles
from core.batch.on_ray import ClusterError, score_on_ray
from core.batch.places import PlaceError
from tests.core.batch.made_runs import (
    CARD,
    assert_same_tables,
    network_files,
    prepared,
    table_of,
)
from tests.made_networks import colour_pictures


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = colour_pictures(tmp_path_factory.mktemp("pictures"), 20)
    (folder / "red" / "broken.png").write_bytes(b"no picture")
    return folder


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return network_files(tmp_path_factory.mktemp("network"))


def test_the_cluster_gives_bit_for_bit_what_this_machine_gives(
    ray_cluster, pictures, network, tmp_path
):
    for engine, out in ((score_here, tmp_path / "here"), (score_on_ray, tmp_path / "ray")):
        load, left = prepared(pictures, out, network, 10)
        options = (lambda rows: None,) if engine is score_here else (2,)
        found = list(engine(load, left, *options))
        assert sorted(each.number for each in found) == list(range(len(left)))
        assert sum(each.rows for each in found) == 61
        assert sum(each.problems for each in found) == 1
    assert_same_tables(table_of(tmp_path / "ray"), table_of(tmp_path / "here"))


def test_a_node_lost_in_the_middle_costs_no_row_and_a_driver_that_ends_is_gone_on_from(
    ray_cluster, pictures, network, tmp_path
):
    third = add_node(ray_cluster)
    ray_cluster.wait_for_nodes()
    load, left = prepared(pictures, tmp_path, network, 2)
    running = score_on_ray(load, left, 3)
    for count, _ in enumerate(running):
        if count == 3:
            ray_cluster.remove_node(third, allow_graceful=False)
        if count == 12:
            break  # as a driver that is killed: what was written stays
    running.close()
    written = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("part-*")}
    assert len(written) >= 12
    load, rest = prepared(pictures, tmp_path, network, 2, resume=True)
    assert {part.file for part in rest}.isdisjoint(written)
    list(score_on_ray(load, rest, 2))
    table = table_of(tmp_path)
    assert len(table) == len(set(table["id"].to_pylist())) == 61
    again = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("part-*")}
    assert written.items() <= again.items(), "no part was written again"


def test_a_network_that_a_worker_lacks_is_one_sentence(ray_cluster, pictures, network, tmp_path):
    missing = NetworkFiles((tmp_path / "none.onnx",), CARD, "colours")
    load, left = prepared(pictures, tmp_path / "out", network)
    load = partial(load.func, missing, *load.args[1:])
    with pytest.raises((PlaceError, ClusterError), match="has no network"):
        list(score_on_ray(load, left, 1))


def test_a_worker_without_the_program_is_one_sentence(
    ray_cluster, pictures, network, tmp_path, monkeypatch
):
    (tmp_path / "only_here.py").write_text("def load():\n    return None\n")
    monkeypatch.syspath_prepend(tmp_path)
    _, left = prepared(pictures, tmp_path / "out", network)
    load = importlib.import_module("only_here").load
    with pytest.raises(ClusterError, match="lacks 'only_here': install Penumbra"):
        list(score_on_ray(load, left, 1))


def test_an_address_where_nobody_listens_is_said_at_once(monkeypatch):
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    for address in ("127.0.0.1:1", "ray://127.0.0.1:1", "nonsense"):
        monkeypatch.setitem(os.environ, "RAY_ADDRESS", address)
        with pytest.raises(ClusterError, match="No Ray cluster answers"):
            on_ray._connect()
