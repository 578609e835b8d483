"""The secrets of an embedded stack: made once in its data directory, for its owner's eyes only."""

import base64
import os
import secrets
from pathlib import Path


def master_key(data_dir: Path) -> str:
    """Return the key that wraps each person's key (base64), made at the first call."""
    return _kept(data_dir, "master_key", base64.b64encode(secrets.token_bytes(32)).decode())


def internal_token(data_dir: Path) -> str:
    """Return what the processes of this stack show each other, made at the first call."""
    return _kept(data_dir, "internal_token", secrets.token_urlsafe(32))


def log_key(data_dir: Path) -> str:
    """Return the key that signs the logs' checkpoints (base64), made at the first call."""
    return _kept(data_dir, "log_key", base64.b64encode(secrets.token_bytes(32)).decode())


def _kept(data_dir: Path, name: str, new: str) -> str:
    directory = data_dir / "secrets"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(new)
        file.flush()
        # The master key guards data that are durable already: it must not be the weaker one.
        os.fsync(file.fileno())
    return new
