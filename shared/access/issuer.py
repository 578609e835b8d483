"""An issuer of tokens for development: its key lives in the data directory. Never in production.

It stands where a deployment's own OpenID Connect issuer will: the services see a JWKS address and
an issuer's name, and do not know the difference.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm

ISSUER = "urn:mshauri:development"
AUDIENCE = "mshauri"
LIFETIME = timedelta(hours=12)


class NotForProduction(RuntimeError):
    """Somebody tried to mint development tokens on a production system."""

    def __init__(self) -> None:
        super().__init__(
            "The development issuer refuses to work in production: "
            "set MSHAURI_ISSUER and MSHAURI_JWKS_URL to those of your own issuer."
        )


class DevelopmentIssuer:
    """Mints ES256 tokens with a key made once, readable by its owner alone."""

    def __init__(
        self,
        data_dir: Path,
        *,
        environment: str = "development",
        issuer: str = ISSUER,
        audience: str = AUDIENCE,
    ) -> None:
        """Load the key of `data_dir/issuer`, or make it; write the JWKS beside it.

        Raises:
            NotForProduction: `environment` is production.
            PermissionError: others than its owner can read the key.
        """
        if environment == "production":
            raise NotForProduction
        self.issuer = issuer
        self.audience = audience
        self.directory = data_dir / "issuer"
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._key = self._load_or_make()
        self._kid = _thumbprint(self._key)
        self._publish()

    @property
    def jwks_url(self) -> str:
        """The address for MSHAURI_JWKS_URL."""
        return (self.directory / "jwks.json").resolve().as_uri()

    def mint(self, subject: str, lifetime: timedelta = LIFETIME) -> str:
        """Return a token for `subject`, valid from now on."""
        now = datetime.now(UTC)
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": self._kid})

    def _load_or_make(self) -> EllipticCurvePrivateKey:
        path = self.directory / "key.pem"
        if not path.exists():
            _write_once(path, _pem(generate_private_key(SECP256R1())))
        if path.stat().st_mode & 0o077:
            msg = f"{path} can be read by others than its owner; make it 0600, or delete it"
            raise PermissionError(msg)
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, EllipticCurvePrivateKey):
            msg = f"{path} holds no elliptic curve key; delete it to have one made"
            raise TypeError(msg)
        return key

    def _publish(self) -> None:
        described = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        described |= {"kid": self._kid, "alg": "ES256", "use": "sig"}
        path = self.directory / "jwks.json"
        new = msgspec.json.encode({"keys": [described]})
        if not path.exists() or path.read_bytes() != new:
            beside = path.with_name(f"jwks.{uuid4()}")
            beside.write_bytes(new)
            beside.replace(path)


def _write_once(path: Path, content: bytes) -> None:
    """Make the file whole or not at all; of several processes at once, the first one wins."""
    beside = path.with_name(f"{path.name}.{uuid4()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _thumbprint(key: EllipticCurvePrivateKey) -> str:
    digest = Hash(SHA256())
    digest.update(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return digest.finalize().hex()[:16]
