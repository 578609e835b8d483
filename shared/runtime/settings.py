"""What a process is told at its start, once: typed, each with a default and its reason.

Every setting is an environment variable `MSHAURI_<NAME>`. A wrong or missing one stops the start
with a sentence that names it. What runs with which values is in `mshauri.stack.topology`.
"""

import base64
import binascii
import re
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated, Any, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretBytes,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.domain.zone import HOUSE_ZONE
from shared.proof.notes import Verifier

PREFIX = "MSHAURI_"

BAD_SETTINGS = 2
"""The exit code of a process whose settings are wrong: starting it again would change nothing."""


class LogFormat(StrEnum):
    """How a line of the log is written."""

    CONSOLE = "console"
    JSON = "json"


class Environment(StrEnum):
    """Whether people depend on this installation."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


def _postgres(url: str) -> str:
    if not re.match(r"postgres(ql)?://[^/\s]*/[^/\s?]+", url):
        raise ValueError("give postgresql://user:password@host:port/database")
    return url


def _servers(servers: str) -> str:
    if not re.fullmatch(r"[^\s:,]+:\d+(,[^\s:,]+:\d+)*", servers):
        raise ValueError("give host:port, and further ones after commas")
    return servers


def _http(url: str) -> str:
    if not re.match(r"https?://[^/\s]+", url):
        raise ValueError("give http://host:port or https://host")
    return url.rstrip("/")


def _keys(url: str) -> str:
    if not re.match(r"(https://[^/\s]+|file:///)", url):
        raise ValueError("give an https:// or file:/// address")
    return url


def _master_key(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        key = base64.b64decode(given, validate=True)
    except binascii.Error:
        raise ValueError("give 32 bytes in base64") from None
    if len(key) != 32:
        raise ValueError(f"give 32 bytes in base64; this is {len(key)}")
    return key


def _names(given: Any) -> Any:
    return [n.strip() for n in given.split(",") if n.strip()] if isinstance(given, str) else given


def _origins(given: tuple[str, ...]) -> tuple[str, ...]:
    for origin in given:
        if not re.fullmatch(r"https?://[^/\s*]+", origin):
            raise ValueError("give https://host, without a path; none stands for all")
    return given


def _witnesses(named: tuple[str, ...]) -> tuple[str, ...]:
    for one in named:
        url, _, vkey = one.partition(" ")
        try:
            _http(url)
            Verifier.of(vkey)
        except ValueError:
            raise ValueError("give of each `https://host NAME+KEYID+KEY`, with a space") from None
    return named


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("give the name of an IANA time zone, such as Africa/Kigali")
    return name


PostgresUrl = Annotated[str, AfterValidator(_postgres)]
Servers = Annotated[str, AfterValidator(_servers)]
HttpUrl = Annotated[str, AfterValidator(_http)]
KeysUrl = Annotated[str, AfterValidator(_keys)]
MasterKey = Annotated[SecretBytes, BeforeValidator(_master_key)]
Zone = Annotated[str, AfterValidator(_zone)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_names)]
Origins = Annotated[Names, AfterValidator(_origins)]


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, extra="ignore"
    )


class ProcessSettings(_Settings):
    """What every process of the house is told."""

    environment: Environment = Field(
        default=Environment.PRODUCTION,
        description="`development` allows what only a laptop may: production is the safe guess.",
    )
    log_format: LogFormat = Field(
        default=LogFormat.JSON,
        description="`json` for machines that collect logs, `console` for a person who watches.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="The interface to listen on: nobody outside unless it is asked for.",
    )
    port: int = Field(
        default=8000, ge=1, le=65535, description="The port to listen on, one a process."
    )
    internal_token: SecretStr = Field(
        min_length=32,
        description="What processes of the house show each other: 32 characters or more, the same "
        "for all of them, never given to a client.",
    )
    registry_url: HttpUrl = Field(description="Where the registry service answers.")
    sessions_url: HttpUrl = Field(description="Where the sessions service answers.")
    validation_url: HttpUrl = Field(description="Where the validation service answers.")

    @property
    def services(self) -> dict[str, str]:
        """The address of each recording service, by its name."""
        return {
            "registry": self.registry_url,
            "sessions": self.sessions_url,
            "validation": self.validation_url,
        }


class _OwnDatabase(_Settings):
    database_url: PostgresUrl = Field(
        repr=False, description="This process's own PostgreSQL database; it holds the password."
    )


class _AsksPeers(_Settings):
    peers_patience_s: float = Field(
        default=10.0,
        gt=0,
        description="Seconds to wait at the start for each service's word on how far its ledger "
        "is. One that does not answer records nothing; beyond that, the end of the bus must do.",
    )


class _Operated(_Settings):
    operators: Names = Field(
        default=(),
        description="Subjects, separated by commas, that may do everything: they give the first "
        "grants. Nobody by default.",
    )


class _HasADay(_Settings):
    zone: Zone = Field(
        default=HOUSE_ZONE.key,
        description="The IANA time zone that says which day it is where no programme does, the "
        "same for all processes. Of the programmes' countries it is the first to begin a day: "
        "nobody's today is in its future.",
    )


class _Decides(_HasADay):
    country: str = Field(
        default="",
        pattern=r"^([A-Z]{2})?$",
        description="The country, by its ISO 3166-1 code, that a phone number is of where neither "
        "it nor its org unit's country tells. None by default: such a number stays as it is typed.",
    )
    grants_at_most_behind_s: float = Field(
        default=120.0,
        gt=0,
        description="Seconds for which commands are decided by grants that nothing new was heard "
        "of. Beyond them somebody dismissed might still decide: then nothing is decided until the "
        "bus is back. A restart of a broker takes some seconds, a failed one a minute.",
    )
    master_key: MasterKey = Field(
        description="Wraps each person's key: 32 bytes in base64. Lost, it takes every personal "
        "field with it; keep a copy apart from the database's backups.",
    )


class _OnTheBus(_Settings):
    bootstrap_servers: Servers = Field(description="Kafka's brokers, `host:port,host:port`.")
    fetch_max_wait_ms: int = Field(
        default=500,
        ge=1,
        le=60_000,
        description="How long a broker may hold a fetch that has nothing to bring. Apache Kafka "
        "wakes at once when something comes, so its own default of 500 stays; the embedded broker "
        "only looks when the time is up: with 500 a record is seen after 133 ms, with 20 after 7.",
    )


class _Proves(_Settings):
    log_key: MasterKey | None = Field(
        default=None,
        description="Signs the logs' checkpoints, and evidence (Ed25519): 32 random bytes in "
        "base64. Another one in its place retires it. Left out: nothing is sealed, or signed.",
    )
    log_origin: str = Field(
        default="mshauri.local",
        pattern=r"^[^\s+/][^\s+]*[^\s+/]$",
        description="What the Merkle logs of the ledgers are called: `<this>/registry` and so on. "
        "Best the address they are read at, without its scheme; a log keeps its name for ever.",
    )
    witness_dir: Path | None = Field(
        default=None,
        description="A directory outside the database that remembers each log's last checkpoint, "
        "and cosigns none that does not go on from it: what tells that a backup was restored. Left "
        "out: nobody here remembers.",
    )


class SealsSettings(_Proves):
    """What whoever seals a ledger's log goes by."""

    log_witnesses: Annotated[Names, AfterValidator(_witnesses)] = Field(
        default=(),
        description="Witnesses that are asked over HTTP for their cosignature (C2SP tlog-witness), "
        "separated by commas: the address, a space, the verifier key. None by default.",
    )


class _Guarded(_Settings):
    issuer: str = Field(
        min_length=1, description="Whose tokens are accepted: the `iss` they must carry."
    )
    jwks_url: KeysUrl = Field(
        description="Where that issuer publishes its keys; `file:///…` for a local issuer."
    )
    audience: str = Field(
        default="mshauri", min_length=1, description="Whom tokens must be meant for: their `aud`."
    )


class RecordingSettings(ProcessSettings, _OwnDatabase, _AsksPeers, _Operated, _Decides, _Proves):
    """What whoever decides goes by: a service's decider, and its follower for its policies."""


class ServiceSettings(RecordingSettings, _Guarded):
    """What a recording service's decider is told; it reads no bus."""


class FollowerSettings(RecordingSettings, _OnTheBus, SealsSettings):
    """What the follower of one service goes by."""


class FollowersSettings(ProcessSettings, _OnTheBus, _AsksPeers, _Operated, _Decides, SealsSettings):
    """What a process is told that follows services: those whose databases it is given."""

    registry_database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="The registry's database. Left out: the registry is followed elsewhere.",
    )
    sessions_database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="The sessions service's database. Left out: it is followed elsewhere.",
    )
    validation_database_url: PostgresUrl | None = Field(
        default=None,
        repr=False,
        description="The validation service's database. Left out: it is followed elsewhere.",
    )

    def following(self, service: str) -> FollowerSettings | None:
        """Return what the follower of one service goes by; None: it is followed elsewhere."""
        url = getattr(self, f"{service}_database_url")
        if url is None:
            return None
        shared = FollowerSettings.model_fields.keys() & FollowersSettings.model_fields.keys()
        told = {name: getattr(self, name) for name in shared}
        return FollowerSettings.model_construct(**told, database_url=url)

    @model_validator(mode="after")
    def _follows_somebody(self) -> Self:
        if not any(self.following(service) for service in self.services):
            raise ValueError("a process that follows is given at least one database to follow")
        return self


class _Looked(_Settings):
    access_database_url: PostgresUrl = Field(
        repr=False,
        description="The PostgreSQL database with the ledger of who looked, which outlives the "
        "read models; it holds the password.",
    )


class GatewaySettings(ProcessSettings, _OwnDatabase, _Looked, _Guarded, _Operated, _HasADay):
    """What the gateway's API is told; it reads no bus, and writes down who looked, and no more."""

    access_spool: Path = Field(
        default=Path(gettempdir()) / "mshauri-access",
        description="A directory that outlives the process: who looked is kept there until its "
        "ledger has it, up to 256 MB. Gateways of one machine may share it.",
    )

    introspection: bool | None = Field(
        default=None,
        description="Whether the schema may be asked for at the endpoint. Left out: in development "
        "alone, for consoles and generators; in production `schema.graphql` says the same, and "
        "costs nothing to read.",
    )
    origins: Origins = Field(
        default=(),
        description="Pages on other origins that may call the API, separated by commas: "
        "`https://dashboard.example`. None may unless it is named here.",
    )
    documents: Path | None = Field(
        default=None,
        description="A JSON file of the documents that clients may name by their SHA-256: an "
        "object of text by hash, as Relay's compiler writes it, or Apollo's manifest of persisted "
        "queries.",
    )
    documents_alone: bool = Field(
        default=False,
        description="Whether no other document is carried out: for an installation whose "
        "front-ends are all its own. It wants a file of documents.",
    )
    smallest_cell: int = Field(
        default=5,
        ge=0,
        le=100,
        description="The lowest count of people, or of what they did, that figures show to those "
        "who merely view: what is lower is hidden, and so is what would tell it by subtraction. 0 "
        "hides nothing.",
    )

    @field_validator("documents_alone")
    @classmethod
    def _has_documents(cls, alone: bool, said: ValidationInfo) -> bool:
        if alone and said.data.get("documents") is None:
            msg = f"{PREFIX}DOCUMENTS names no file, so nothing could be carried out"
            raise ValueError(msg)
        return alone

    @property
    def introspects(self) -> bool:
        """Whether the schema may be asked for."""
        if self.introspection is None:
            return self.environment is Environment.DEVELOPMENT
        return self.introspection


class ProjectorSettings(
    ProcessSettings, _OwnDatabase, _Looked, _OnTheBus, _AsksPeers, SealsSettings
):
    """What the projector is told; it answers no client, so it knows no issuer.

    It seals the ledger of who looked, which has no service of its own.
    """

    reconcile_every_s: float = Field(
        default=3_600.0,
        gt=0,
        description="Seconds between two counts of the audit trail against the ledgers, and "
        "between two looks at whether what came since is what the ledgers' logs signed.",
    )


SomeSettings = TypeVar("SomeSettings", bound=BaseSettings)


class BadSettings(ValueError):
    """The environment does not say what the process needs; a line for each fault."""


def read_settings(kind: type[SomeSettings], given: Mapping[str, str] | None = None) -> SomeSettings:
    """Read a process's settings from the environment.

    Args:
        given: some of them, by their field's name, whatever the environment says.

    Raises:
        BadSettings: a line for each variable that is missing or wrong. Values are not repeated:
            half of them are secrets.
    """
    try:
        values: dict[str, Any] = dict(given or {})
        return kind(**values)
    except ValidationError as faults:
        lines = [_sentence(kind, fault) for fault in faults.errors(include_input=False)]
        raise BadSettings("\n".join(lines)) from None


def settings_or_exit(kind: type[SomeSettings]) -> SomeSettings:
    """Read a process's settings, or say on stderr what is wrong with them and exit."""
    try:
        return read_settings(kind)
    except BadSettings as problem:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(BAD_SETTINGS) from None


def _sentence(kind: type[BaseSettings], fault: Any) -> str:
    if not fault["loc"]:
        names = [name for name in kind.model_fields if name.endswith("database_url")]
        variables = ", ".join(f"{PREFIX}{name.upper()}" for name in names)
        return f"{variables}: {fault['msg'].removeprefix('Value error, ')}."
    name = str(fault["loc"][0])
    variable = f"{PREFIX}{name.upper()}"
    if fault["type"] == "missing":
        return f"{variable} is missing. {kind.model_fields[name].description}"
    return f"{variable} is wrong: {fault['msg'].removeprefix('Value error, ')}."
