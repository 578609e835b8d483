"""`docker-compose.yml`, written from the same description that `mshauri up` starts."""

from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from mshauri.stack.topology import BROKER, POSTGRES, PROCESSES, Process, Surroundings

POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.3.0"
WITNESS = "witness"
WITNESS_DIR = "/var/lib/mshauri/witness"
PORT = 8000
"""Every process listens there in a container of its own."""

SPOOL = "/var/lib/mshauri/access"
"""Where a gateway keeps who looked until the ledger has it: the image has it, its user's own."""

HEADER = """\
# Mshauri with PostgreSQL 18 and Apache Kafka, for one host. Written by `make schema` from
# mshauri/stack/topology.py, as `mshauri up` is: change it there. How to start: deploy/README.md.
"""

CONTAINERS = Surroundings(
    database_url=lambda name: (
        f"postgresql://postgres:${{MSHAURI_POSTGRES_PASSWORD}}@{POSTGRES}:5432/{name}"
    ),
    bootstrap_servers=f"{BROKER}:9092",
    address=lambda name: (name, PORT),
    listen=lambda _name: ("0.0.0.0", PORT),
    others={
        "environment": "production",
        "log_format": "json",
        "internal_token": "${MSHAURI_INTERNAL_TOKEN:?32 characters or more: openssl rand -hex 32}",
        "master_key": "${MSHAURI_MASTER_KEY:?32 bytes in base64: openssl rand -base64 32}",
        "log_key": "${MSHAURI_LOG_KEY:?32 bytes in base64: openssl rand -base64 32}",
        "log_origin": "${MSHAURI_LOG_ORIGIN:-mshauri.local}",
        "log_witnesses": "${MSHAURI_LOG_WITNESSES:-}",
        "witness_dir": WITNESS_DIR,
        "issuer": "${MSHAURI_ISSUER:?the iss of your OpenID Connect issuer's tokens}",
        "jwks_url": "${MSHAURI_JWKS_URL:?where your issuer publishes its keys}",
        "audience": "${MSHAURI_AUDIENCE:-mshauri}",
        "operators": "${MSHAURI_OPERATORS:-}",
        "zone": "${MSHAURI_ZONE:-Africa/Nairobi}",
        "country": "${MSHAURI_COUNTRY:-}",
        "access_spool": SPOOL,
    },
)


def compose_file() -> str:
    """Return the text of `docker-compose.yml`."""
    document: dict[str, Any] = {
        "name": "mshauri",
        "services": {
            POSTGRES: _postgres(),
            BROKER: _broker(),
            **{process.name: _process(process) for process in PROCESSES},
        },
        "configs": {"databases": {"content": LiteralScalarString(_databases())}},
        "volumes": {POSTGRES: {}, BROKER: {}, WITNESS: {}, "access": {}},
    }
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO(HEADER)
    out.seek(0, 2)
    yaml.dump(document, out)
    return out.getvalue()


def _process(process: Process) -> dict[str, Any]:
    described: dict[str, Any] = {
        "image": "mshauri:${MSHAURI_VERSION:-local}",
        "build": {"context": ".", "dockerfile": "deploy/Dockerfile"},
        "command": ["python", "-m", process.module],
        "environment": CONTAINERS.environment(process),
        "depends_on": {need: {"condition": "service_healthy"} for need in process.needs},
        "healthcheck": _health(["CMD", "python", "-m", "mshauri.stack.probe"]),
        "restart": "unless-stopped",
        "stop_grace_period": "20s",
        "init": True,
        "read_only": True,
        "tmpfs": ["/tmp"],
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }
    if "witness_dir" in process.settings.model_fields:
        # Not with the database: a restore that takes that back must not take this back.
        described["volumes"] = [f"{WITNESS}:{WITNESS_DIR}"]
    if process.name == "gateway":
        # The only door. TLS ends before it: at your proxy or load balancer.
        described["volumes"] = [f"access:{SPOOL}"]
        described["ports"] = ["${MSHAURI_GATEWAY_PORT:-8000}:" + str(PORT)]
    return described


def _postgres() -> dict[str, Any]:
    return {
        "image": POSTGRES_IMAGE,
        "environment": {
            "POSTGRES_PASSWORD": "${MSHAURI_POSTGRES_PASSWORD:?letters and digits: "
            "openssl rand -hex 24}",
            "POSTGRES_INITDB_ARGS": "--locale-provider=builtin --builtin-locale=C.UTF-8",
        },
        "command": ["postgres", "-c", "max_connections=200"],
        "configs": [{"source": "databases", "target": "/docker-entrypoint-initdb.d/databases.sql"}],
        # From version 18 on the image keeps each major version in a directory below this one.
        "volumes": [f"{POSTGRES}:/var/lib/postgresql"],
        "healthcheck": _health(["CMD", "pg_isready", "-U", "postgres", "-h", "127.0.0.1"]),
        "restart": "unless-stopped",
        "stop_grace_period": "1m",
        "shm_size": "256mb",
    }


def _broker() -> dict[str, Any]:
    """Describe one Apache Kafka that is its own controller (KRaft)."""
    return {
        "image": KAFKA_IMAGE,
        "environment": {
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": f"1@{BROKER}:9093",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{BROKER}:9092",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
            # One broker: nowhere to keep a second copy. The ledgers are the truth; see
            # deploy/README.md for a cluster.
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
            # Topics are made by the relay, with their 24 partitions; a typing error makes none.
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        },
        "volumes": [f"{BROKER}:/var/lib/kafka/data"],
        "healthcheck": _health(
            [
                *("CMD", "/opt/kafka/bin/kafka-broker-api-versions.sh"),
                *("--bootstrap-server", f"{BROKER}:9092"),
            ]
        ),
        "restart": "unless-stopped",
        "stop_grace_period": "1m",
    }


def _health(test: list[str]) -> dict[str, Any]:
    return {
        "test": test,
        "interval": "10s",
        "timeout": "10s",
        "retries": 3,
        "start_period": "60s",
        "start_interval": "1s",
    }


def _databases() -> str:
    names = dict.fromkeys(name for process in PROCESSES for name in process.databases.values())
    return "".join(f'CREATE DATABASE "{name}";\n' for name in names)
