"""What deploys is whole: each manifest against its schema, the balancer by its own program."""

import ipaddress
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

kubernetes_validate = pytest.importorskip("kubernetes_validate")

ROOT = Path(__file__).resolve().parent.parent
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
KUSTOMIZATION = "kustomization.yaml"
HEALTH = "/_stcore/health"


def documents():
    return {
        path.name: yaml.safe_load(path.read_text())
        for path in MANIFESTS
        if path.name != KUSTOMIZATION
    }


@pytest.mark.parametrize("name", [path.name for path in MANIFESTS if path.name != KUSTOMIZATION])
def test_each_manifest_fits_its_schema_and_has_no_entry_that_is_not_known(name):
    kubernetes_validate.validate(documents()[name], "1.34", strict=True)


def test_the_check_would_see_a_wrong_entry():
    wrong = documents()["deployment.yaml"]
    wrong["spec"]["template"]["spec"]["containers"][0]["livenessProb"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.34", strict=True)


def test_every_manifest_is_applied():
    applied = yaml.safe_load((ROOT / "deploy" / "kubernetes" / KUSTOMIZATION).read_text())
    assert sorted(applied["resources"]) == sorted(documents())


def test_service_ingress_and_volume_name_what_there_is():
    found = documents()
    pod = found["deployment.yaml"]["spec"]["template"]
    assert found["service.yaml"]["spec"]["selector"].items() <= pod["metadata"]["labels"].items()
    path = found["ingress.yaml"]["spec"]["rules"][0]["http"]["paths"][0]
    assert path["backend"]["service"]["name"] == found["service.yaml"]["metadata"]["name"]
    claims = [
        volume["persistentVolumeClaim"]["claimName"]
        for volume in pod["spec"]["volumes"]
        if "persistentVolumeClaim" in volume
    ]
    assert claims == [found["studies.yaml"]["metadata"]["name"]]
    assert found["studies.yaml"]["spec"]["accessModes"] == ["ReadWriteMany"]
    assert found["ingress.yaml"]["metadata"]["annotations"][
        "nginx.ingress.kubernetes.io/affinity"
    ] == "cookie"  # fmt: skip


def test_a_container_has_no_rights_a_read_only_root_and_three_probes():
    (container,) = documents()["deployment.yaml"]["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == HEALTH
    assert {"requests", "limits"} <= container["resources"].keys()


def test_compose_has_two_replicas_that_share_what_they_must():
    found = yaml.safe_load((ROOT / "compose.yaml").read_text())
    replicas = [each for name, each in found["services"].items() if name.startswith("replica")]
    assert len(replicas) == 2 and replicas[0] == replicas[1]
    environment = replicas[0]["environment"]
    for name in ("PENUMBRA_STUDIES", "PENUMBRA_DECISIONS", "STREAMLIT_SERVER_COOKIE_SECRET"):
        assert environment[name]
    assert replicas[0]["read_only"] is True
    assert "${PENUMBRA_DATABASE_PASSWORD:?" in environment["PENUMBRA_DECISIONS"]


def test_replicas_believe_the_balancer_alone_about_who_asks():
    balancer = (ROOT / "deploy" / "haproxy.cfg").read_text()
    for name in ("X-Forwarded-For", "X-Forwarded-Proto"):
        assert f"http-request set-header {name} " in balancer
    assert "option forwardfor" not in balancer, "it would add to what a visitor sent"
    (container,) = documents()["deployment.yaml"]["spec"]["template"]["spec"]["containers"]
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["replica-1"]
    believed = {each["name"]: each.get("value") for each in container["env"]}
    for said in (believed["FORWARDED_ALLOW_IPS"], compose["environment"]["FORWARDED_ALLOW_IPS"]):
        networks = [ipaddress.ip_network(network) for network in said.split(",")]
        assert networks and all(network.is_private for network in networks)


def test_the_container_holds_the_folder_that_replicas_share():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "PENUMBRA_STUDIES=/studies" in dockerfile and "mkdir /studies" in dockerfile


def test_the_balancer_is_understood_by_haproxy():
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if program is None:
        pytest.skip("HAProxy is not installed (Debian: apt-get install haproxy)")
    replicas = {f"PENUMBRA_REPLICA_{n}": f"127.0.0.1:{n}" for n in (1, 2)}
    done = subprocess.run(
        [program, "-c", "-f", ROOT / "deploy" / "haproxy.cfg"],
        env=os.environ | replicas, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
