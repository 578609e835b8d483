"""Tokens: whom we believe, what we refuse and what we say then, and what remembering costs."""

import asyncio
import base64
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from shared.access.issuer import AUDIENCE, ISSUER, DevelopmentIssuer, NotForProduction
from shared.access.signing_keys import PATIENCE, SigningKeys
from shared.access.tokens import LONGEST, Verifier, bearer
from shared.domain.errors import Unauthenticated, Unavailable


@pytest.fixture
def issuer(tmp_path: Path) -> DevelopmentIssuer:
    return DevelopmentIssuer(tmp_path)


@pytest.fixture
def verifier(issuer: DevelopmentIssuer) -> Verifier:
    return trusting(issuer)


def trusting(issuer: DevelopmentIssuer, **changed: Any) -> Verifier:
    return Verifier(
        **({"issuer": ISSUER, "audience": AUDIENCE, "jwks_url": issuer.jwks_url} | changed)
    )


def signed(issuer: DevelopmentIssuer, *, headers: Any = None, **changed: Any) -> str:
    """Return a token of the issuer's own key with other claims; None leaves one out."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "exp": now + 60} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(
        claims,
        issuer._key,
        algorithm="ES256",
        headers={"kid": issuer._kid} if headers is None else headers,
    )


def segment(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


async def refusal(verifier: Verifier, token: str | None) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await verifier.verify(token)
    problem: str = refused.value.params["problem"]
    if token:
        assert token not in str(refused.value)
        assert token not in repr(refused.value.__cause__)
    return problem


async def test_a_token_of_the_issuer_stands_for_its_subject(
    issuer: DevelopmentIssuer, verifier: Verifier
) -> None:
    token = issuer.mint("ann", timedelta(minutes=5))
    principal = await verifier.verify(token)
    assert principal.subject == "ann"
    assert principal.token == token
    left = principal.expires - datetime.now(UTC)
    assert timedelta(minutes=4) < left <= timedelta(minutes=5)
    assert token not in repr(principal)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"exp": 1}, "it has expired"),
        ({"nbf": int(time.time()) + 3600}, "it is not valid yet"),
        ({"iat": int(time.time()) + 3600}, "it is not valid yet"),
        ({"iss": "https://elsewhere.example"}, "it is from the wrong issuer"),
        ({"aud": "another-system"}, "it is for the wrong audience"),
        ({"exp": None}, "it has no `exp` claim"),
        ({"iss": None}, "it has no `iss` claim"),
        ({"aud": None}, "it has no `aud` claim"),
        ({"sub": None}, "it has no `sub` claim"),
        ({"sub": " "}, "it is malformed"),
        ({"sub": 7}, "it is malformed"),
        ({"exp": "soon"}, "it is malformed"),
        ({"exp": 10**20}, "it is malformed"),
        ({"headers": {"kid": "nobody's"}}, "it has a bad signature: its key is unknown"),
        ({"headers": {"kid": "x", "crit": ["exp"], "exp": 1}}, "it is malformed"),
    ],
)
async def test_a_token_is_refused_and_told_why(
    issuer: DevelopmentIssuer, verifier: Verifier, changed: dict[str, Any], problem: str
) -> None:
    assert await refusal(verifier, signed(issuer, **changed)) == problem


async def test_a_token_without_a_key_id_is_checked_with_the_only_key(
    issuer: DevelopmentIssuer, verifier: Verifier
) -> None:
    assert (await verifier.verify(signed(issuer, headers={}))).subject == "ann"


async def test_one_of_several_audiences_is_enough(
    issuer: DevelopmentIssuer, verifier: Verifier
) -> None:
    assert await verifier.verify(signed(issuer, aud=["other", AUDIENCE]))


async def test_clocks_may_be_a_little_apart(issuer: DevelopmentIssuer, verifier: Verifier) -> None:
    assert await verifier.verify(signed(issuer, exp=int(time.time()) - 5))


async def test_a_missing_token_is_said_to_be_missing(verifier: Verifier) -> None:
    assert await refusal(verifier, None) == "it is missing"
    assert await refusal(verifier, "") == "it is missing"


async def test_an_altered_token_has_a_bad_signature(
    issuer: DevelopmentIssuer, verifier: Verifier
) -> None:
    header, claims, signature = signed(issuer).split(".")
    content = json.loads(base64.urlsafe_b64decode(claims + "=="))
    content["sub"] = "root"
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")
    assert await refusal(verifier, f"{header}.{forged}.{signature}") == "it has a bad signature"


async def test_another_issuers_key_does_not_sign_for_this_one(
    tmp_path: Path, issuer: DevelopmentIssuer, verifier: Verifier
) -> None:
    foreign = DevelopmentIssuer(tmp_path / "foreign")
    token = jwt.encode(
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "exp": time.time() + 60},
        foreign._key,
        algorithm="ES256",
        headers={"kid": issuer._kid},
    )
    assert await refusal(verifier, token) == "it has a bad signature"


async def test_no_signature_and_shared_secrets_are_never_accepted(
    issuer: DevelopmentIssuer, verifier: Verifier
) -> None:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "exp": time.time() + 60}
    header = segment(json.dumps({"alg": "none", "kid": issuer._kid}))
    unsigned = f"{header}.{segment(json.dumps(claims))}."
    secret = jwt.encode(claims, "s" * 32, algorithm="HS256", headers={"kid": issuer._kid})
    for token in (unsigned, secret):
        assert await refusal(verifier, token) == "its algorithm is not accepted"


async def test_a_key_verifies_its_own_algorithm_only(
    issuer: DevelopmentIssuer, verifier: Verifier
) -> None:
    rs = rsa.generate_private_key(65537, 2048)
    token = jwt.encode(
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "exp": time.time() + 60},
        rs,
        algorithm="RS256",
        headers={"kid": issuer._kid},
    )
    assert await refusal(verifier, token) == "its algorithm is not accepted"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "..",
        "é.é.é",
        "\ud800.a.b",
        segment("[" * 5000) + ".e30.AA",
        segment('{"alg":["ES256"],"typ":"JWT"}') + ".e30.AA",
        segment('{"alg":"ES256","kid":7}') + ".e30.AA",
        segment('{"alg":"ES256","b64":false,"crit":["b64"]}') + "..AA",
        "a" * (LONGEST + 1),
    ],
)
async def test_nonsense_is_malformed(verifier: Verifier, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


@pytest.fixture(scope="module")
def jwks_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return DevelopmentIssuer(tmp_path_factory.mktemp("issuer")).jwks_url


@given(
    text=st.text(max_size=200)
    | st.lists(st.text(max_size=60).map(lambda part: segment(part)), max_size=4).map(".".join)
    | st.dictionaries(
        st.sampled_from(["alg", "kid", "typ"]), st.sampled_from(["ES256", 1, None])
    ).map(lambda header: segment(json.dumps(header)) + ".e30.AA")
)
def test_whatever_is_sent_is_answered_with_one_error(jwks_url: str, text: str) -> None:
    async def verify() -> None:
        await Verifier(issuer="i", audience="a", jwks_url=jwks_url).verify(text)

    with pytest.raises(Unauthenticated):
        asyncio.run(verify())


async def test_a_token_verified_once_is_remembered_until_it_expires(
    issuer: DevelopmentIssuer,
) -> None:
    verifier = trusting(issuer, leeway=timedelta(0))
    token = signed(issuer, exp=int(time.time()) + 2)
    first = await verifier.verify(token)
    assert await verifier.verify(token) is first
    await asyncio.sleep(2.1)
    assert await refusal(verifier, token) == "it has expired"


async def test_memory_is_bounded(issuer: DevelopmentIssuer) -> None:
    verifier = trusting(issuer, remembered=2)
    for n in range(5):
        await verifier.verify(signed(issuer, sub=f"s{n}"))
    assert len(verifier._known) == 2


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (None, "it is missing"),
        ("", "it is missing"),
        ("Basic YTpi", "it is malformed"),
        ("Bearer", "it is malformed"),
        ("Bearer  ", "it is malformed"),
    ],
)
def test_a_header_without_a_bearer_token_is_refused(header: str | None, problem: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        bearer(header)
    assert refused.value.params["problem"] == problem


def test_a_bearer_token_is_taken_from_its_header() -> None:
    assert bearer("Bearer a.b.c") == bearer("bearer  a.b.c ") == "a.b.c"


# ── the issuer's keys ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("url", ["http://issuer.example/jwks", "ftp://x/y", "jwks.json", "https:"])
def test_keys_come_over_https_or_from_a_file(url: str) -> None:
    with pytest.raises(ValueError, match="https:// or file://"):
        SigningKeys(url)


class Https:
    """An issuer's web server: a real one, with a certificate of its own making."""

    def __init__(self, directory: Path) -> None:
        self.jwks: bytes | None = b""
        self.asked = 0
        self.answers = threading.Event()
        self.answers.set()
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "issuer")])
        today = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(today - timedelta(days=1))
            .not_valid_after(today + timedelta(days=1))
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
            )
            .sign(key, SHA256())
        )
        self.certificate = directory / "certificate.pem"
        self.certificate.write_bytes(
            certificate.public_bytes(Encoding.PEM)
            + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        )
        https = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                https.asked += 1
                https.answers.wait(30)
                self.send_response(200 if https.jwks is not None else 503)
                self.send_header("content-length", str(len(https.jwks or b"")))
                self.end_headers()
                self.wfile.write(https.jwks or b"")

            def log_message(self, *_: object) -> None:
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_port}/jwks"

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=ssl.create_default_context(cafile=str(self.certificate)))

    @contextmanager
    def running(self) -> Iterator["Https"]:
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield self
        self.answers.set()
        self.server.shutdown()
        thread.join()
        self.server.server_close()


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Https]:
    with Https(tmp_path).running() as https:
        yield https


def described(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid}
    return ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid}


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


async def test_keys_are_read_over_https_once(https: Https) -> None:
    key = rsa.generate_private_key(65537, 2048)
    https.jwks = jwks(described(key, "one"))
    claims = {"iss": "i", "aud": "a", "sub": "ann", "exp": time.time() + 60}
    async with https.client() as client:
        verifier = Verifier(issuer="i", audience="a", jwks_url=https.url, client=client)
        for n in range(3):
            token = jwt.encode(claims | {"n": n}, key, algorithm="RS256", headers={"kid": "one"})
            assert (await verifier.verify(token)).subject == "ann"
    assert https.asked == 1


async def test_a_certificate_nobody_vouches_for_is_no_issuer(https: Https) -> None:
    with pytest.raises(Unavailable):
        await SigningKeys(https.url).key("one")
    assert https.asked == 0


async def test_a_new_key_is_found_when_a_token_names_it(https: Https) -> None:
    one, two = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    https.jwks = jwks(described(one, "one"))
    async with https.client() as client:
        keys = SigningKeys(https.url, client=client, asked_at_most_every=0)
        assert await keys.key("one")
        https.jwks = jwks(described(one, "one"), described(two, "two"))
        assert await keys.key("two")
    assert https.asked == 2


async def test_made_up_key_ids_do_not_make_us_ask_the_issuer_each_time(https: Https) -> None:
    https.jwks = jwks(described(ec.generate_private_key(ec.SECP256R1()), "one"))
    async with https.client() as client:
        keys = SigningKeys(https.url, client=client)
        asked = await asyncio.gather(*(keys.key(f"made-up-{n}") for n in range(50)))
    assert asked == [None] * 50
    assert https.asked == 1


async def test_an_issuer_that_never_answers_keeps_nobody_with_a_known_key_waiting(
    https: Https,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    https.jwks = jwks(described(key, "one"))
    claims = {"iss": "i", "aud": "a", "exp": time.time() + 60}
    async with https.client() as client:
        verifier = Verifier(issuer="i", audience="a", jwks_url=https.url)
        verifier.keys = SigningKeys(https.url, client=client, kept_for=1, asked_at_most_every=1)

        async def verify(subject: str, kid: str) -> float:
            token = jwt.encode(claims | {"sub": subject}, key, "ES256", headers={"kid": kid})
            began = time.perf_counter()
            await verifier.verify(token)
            return time.perf_counter() - began

        await verify("ann", "one")
        https.answers.clear()
        # The keys are old now, and the reading that is under way will not end by itself.
        await asyncio.sleep(1.3)
        waited = [await verify(f"s{n}", "one") for n in range(20)]
        assert max(waited) < 0.5  # 4.9 s while requests read the keys themselves
        assert https.asked == 2

        unknown = [asyncio.create_task(verify(f"u{n}", f"made-up-{n}")) for n in range(20)]
        await asyncio.sleep(0.1)
        waited = [await verify(f"t{n}", "one") for n in range(20)]
        assert max(waited) < 0.5
        began = time.perf_counter()
        refused = await asyncio.gather(*unknown, return_exceptions=True)
        assert time.perf_counter() - began < PATIENCE + 0.5
        # Nobody knows whether there is such a key: that is no fault of whoever names it.
        assert {type(each) for each in refused} == {Unavailable}
        https.answers.set()


async def test_while_the_issuer_is_away_known_keys_serve_for_a_night_and_no_longer(
    https: Https,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    https.jwks = jwks(described(key, "one"))
    token = jwt.encode(
        {"iss": "i", "aud": "a", "sub": "ann", "exp": time.time() + 60},
        key,
        algorithm="ES256",
        headers={"kid": "one"},
    )
    async with https.client() as client:
        verifier = Verifier(issuer="i", audience="a", jwks_url=https.url)
        verifier.keys = SigningKeys(
            https.url, client=client, kept_for=1, served_for=3, asked_at_most_every=1
        )
        assert await verifier.verify(token)
        https.jwks = None
        await asyncio.sleep(1.5)
        assert https.asked >= 2
        assert await verifier.keys.key("one")
        assert await verifier.verify(token)
        await asyncio.sleep(1.6)
        with pytest.raises(Unavailable):
            await verifier.keys.key("one")
        with pytest.raises(Unavailable):  # though it was verified before, and is remembered
            await verifier.verify(token)
        https.jwks = jwks(described(key, "one"))
        await asyncio.sleep(1.1)
        assert await verifier.verify(token)


async def test_with_no_keys_at_all_we_are_unavailable_not_the_sender_wrong(https: Https) -> None:
    https.jwks = None
    async with https.client() as client:
        keys = SigningKeys(https.url, client=client)
        for _ in range(5):
            with pytest.raises(Unavailable):
                await keys.key("one")
    assert https.asked == 1


async def test_a_withdrawn_key_takes_the_tokens_it_signed_with_it(
    tmp_path: Path, issuer: DevelopmentIssuer
) -> None:
    verifier = trusting(issuer)
    verifier.keys = SigningKeys(issuer.jwks_url, kept_for=1)
    token = issuer.mint("ann")
    assert await verifier.verify(token)
    other = DevelopmentIssuer(tmp_path / "other")
    published = (other.directory / "jwks.json").read_bytes()
    (issuer.directory / "jwks.json").write_bytes(published)
    await asyncio.sleep(1.3)
    assert await refusal(verifier, token) == "it has a bad signature: its key is unknown"


async def test_keys_that_could_not_verify_what_we_accept_are_left_out(tmp_path: Path) -> None:
    good = ec.generate_private_key(ec.SECP256R1())
    path = tmp_path / "jwks.json"
    path.write_bytes(
        jwks(
            {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"},
            {"kty": "mystery", "kid": "mystery"},
            described(good, "encrypts") | {"use": "enc"},
            described(ec.generate_private_key(ec.SECP384R1()), "p384"),
            described(rsa.generate_private_key(65537, 1024), "short"),
            described(good, "good"),
        )
    )
    keys = SigningKeys(path.as_uri())
    assert await keys.key("good")
    for kid in ("secret", "mystery", "encrypts", "p384", "short"):
        assert await keys.key(kid) is None


# ── the development issuer ────────────────────────────────────────────────────────────────────


def test_the_development_issuer_refuses_production(tmp_path: Path) -> None:
    with pytest.raises(NotForProduction):
        DevelopmentIssuer(tmp_path, environment="production")
    assert list(tmp_path.iterdir()) == []


def test_its_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = DevelopmentIssuer(tmp_path)
    key = tmp_path / "issuer" / "key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert DevelopmentIssuer(tmp_path)._kid == first._kid
    assert sorted(path.name for path in key.parent.iterdir()) == ["jwks.json", "key.pem"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    DevelopmentIssuer(tmp_path)
    (tmp_path / "issuer" / "key.pem").chmod(0o644)
    with pytest.raises(PermissionError, match="0600"):
        DevelopmentIssuer(tmp_path)


def test_issuers_started_at_once_agree_on_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    ready = threading.Barrier(8)

    def start() -> None:
        ready.wait()
        found.append(DevelopmentIssuer(tmp_path)._kid)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
