"""Access tokens that identify nobody: forged, run out, unsigned, signed with what is public, and no tokens at all."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, HMACAlgorithm

from app.serving import now
from graphql_api.signing_keys import SigningKey
from tests.world import Person, World

ELSEWHERE = "evil.example"
"""Where a token says that its key is; nobody may look there."""

# Made once: how they are made decides nothing, and RSA takes its time.
_EC_KEY = ec.generate_private_key(ec.SECP256R1())
_RSA_KEY = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)

_ODD_HEADERS = (
    b"Bearer",
    b"Bearer ",
    b"Bearer a",
    b"Bearer ..",
    b"Bearer a.b.c",
    b"bearer\ta.b.c",
    b"Basic YWRtaW46YWRtaW4=",
    b"Token x",
    b"Bearer " + b"A" * 9_000,
    b"Bearer " + b"." * 9_000,
    b"Bearer \xff\xfe\x80.\xc3\x28.\x01",
    b"Bearer e30.e30.e30",
    b"Bearer bnVsbA.bnVsbA.bnVsbA",
    b"Bearer W10.W10.W10",
    b"\xff",
)

_KEY_IDS: tuple[Any, ...] = (
    "../../../../dev/null",
    "/proc/self/environ",
    "' UNION SELECT 'secret' --",
    "hs256",
    "k" * 5_000,
    "\x00",
    "",
    "https://evil.example/jwks.json",
    7,
    None,
    ["hs256"],
    {"kid": "hs256"},
)


class Credentials:
    """Makes values of ``Authorization``, in the name of people that there are."""

    def __init__(self, random: Random, world: World) -> None:
        self._random = random
        self._tokens = world.gateway.tokens
        self._kinds: tuple[Callable[[Person], bytes], ...] = (
            self._odd,
            self._mangled,
            self._altered,
            self._unsigned,
            self._expired,
            self._of_nobody,
            self._forged,
            self._other_key,
            self._public_key_as_secret,
            self._own_header,
            self._wrong_claims,
        )

    def hostile(self, person: Person) -> bytes:
        """A value that must not be taken for this person, nor for anybody."""
        return self._random.choice(self._kinds)(person)

    def _odd(self, _: Person) -> bytes:
        return self._random.choice(_ODD_HEADERS)

    def _mangled(self, person: Person) -> bytes:
        raw = bytearray(person.token.encode())
        # Not the last character: its spare bits may change without changing the signature.
        raw[self._random.randrange(len(raw) - 1)] ^= 1 << self._random.randrange(7)
        return b"Bearer " + bytes(byte if byte not in b"\x00\r\n" else 46 for byte in raw)

    def _altered(self, person: Person) -> bytes:
        head, _, signature = person.token.split(".")
        claims = self._claims(person) | {"role": self._random.choice(("admin", "platform_admin", "root"))}
        claims["exp"] += 1
        return _bearer(".".join((head, _part(claims), signature)))

    def _unsigned(self, person: Person) -> bytes:
        algorithm = self._random.choice(("none", "None", "NONE", "", None, "nOnE"))
        signature = self._random.choice(("", person.token.rsplit(".", 1)[1]))
        return _bearer(".".join((_part({"typ": "JWT", "alg": algorithm}), _part(self._claims(person)), signature)))

    def _expired(self, person: Person) -> bytes:
        days = self._random.choice((1, 400))
        return _bearer(self._tokens.at(lambda: now() - timedelta(days=days)).sign(person.account))

    def _of_nobody(self, person: Person) -> bytes:
        key = self._tokens.keys.current().signing(now().timestamp())
        claims = self._claims(person) | {"id": self._random.choice(("0" * 32, "me", 7, None, [], "' OR 1=1"))}
        return _bearer(_as_it_is(claims, key))

    def _forged(self, person: Person) -> bytes:
        secret = self._random.choice(("", "secret", "another secret of at least 32 bytes!", "\x00" * 32))
        algorithm = self._random.choice(("HS256", "HS384", "HS512"))
        return _bearer(_signed_with_anything(self._claims(person), secret.encode(), algorithm, self._key_id()))

    def _other_key(self, person: Person) -> bytes:
        key, algorithm = self._random.choice(((_EC_KEY, "ES256"), (_RSA_KEY, "RS256"), (_RSA_KEY, "PS512")))
        return _bearer(jwt.encode(self._claims(person), key, algorithm, {"kid": self._current_id()}))

    def _public_key_as_secret(self, person: Person) -> bytes:
        key = self._tokens.keys.current().signing(now().timestamp())
        public = [
            key.verifying.public_bytes(each, PublicFormat.SubjectPublicKeyInfo) for each in (Encoding.PEM, Encoding.DER)
        ]
        secrets = [json.dumps(dict(key.public or {})).encode(), *public]
        algorithm = self._random.choice(("HS256", "HS384", "HS512"))
        return _bearer(
            _signed_with_anything(self._claims(person), self._random.choice(secrets), algorithm, self._key_id())
        )

    def _own_header(self, person: Person) -> bytes:
        """A token that brings its own key, or says where it is."""
        own = ECAlgorithm.to_jwk(_EC_KEY.public_key(), as_dict=True)
        brought: dict[str, Any] = self._random.choice(
            (
                {"jwk": own},
                {"jwk": own, "kid": self._current_id()},
                {"jku": f"https://{ELSEWHERE}/jwks.json", "kid": "evil"},
                {"x5u": f"https://{ELSEWHERE}/chain.pem"},
                {"x5c": ["MIIB"]},
                {"crit": ["exp"], "kid": self._current_id()},
                {"b64": False, "crit": ["b64"]},
                {"zip": "DEF"},
                {"cty": "JWT"},
            )
        )
        return _bearer(jwt.encode(self._claims(person), _EC_KEY, "ES256", brought))

    def _wrong_claims(self, person: Person) -> bytes:
        """Signed by us in all honour, and still nobody's."""
        key = self._tokens.keys.current().signing(now().timestamp())
        wrong: dict[str, Any] = self._random.choice(
            (
                {"iss": "someone else"},
                {"iss": None},
                {"exp": "tomorrow"},
                {"exp": 1e400},
                {"iat": 2**70},
                {"nbf": 2**40},
                {"role": "platform_admin" if person.account.role.value != "platform_admin" else "user"},
                {"role": None},
                {"organization_id": "00000000-0000-4000-8000-000000000000"},
                {"organization_id": 7},
                {"id": "00000000-0000-4000-8000-000000000000"},
            )
        )
        claims = self._claims(person) | wrong
        return _bearer(_as_it_is(claims, key))

    def _claims(self, person: Person) -> dict[str, Any]:
        found: dict[str, Any] = jwt.decode(person.token, options={"verify_signature": False})
        return found

    def _current_id(self) -> str:
        return self._tokens.keys.current().signing(now().timestamp()).id

    def _key_id(self) -> Any:
        return self._random.choice((*_KEY_IDS, self._current_id()))


def _bearer(token: str) -> bytes:
    return b"Bearer " + token.encode()


def _part(content: Any) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _as_it_is(claims: dict[str, Any], key: SigningKey) -> str:
    """Signed, and not looked at."""
    return jwt.PyJWS().encode(json.dumps(claims).encode(), key.signing, key.algorithm, {"kid": key.id})


def _signed_with_anything(claims: dict[str, Any], secret: bytes, algorithm: str, key_id: Any) -> str:
    """An HMAC that the library itself would refuse to make: of any secret, with any ``kid``."""
    unsigned = f"{_part({'typ': 'JWT', 'alg': algorithm, 'kid': key_id})}.{_part(claims)}"
    hashes = {"HS256": HMACAlgorithm.SHA256, "HS384": HMACAlgorithm.SHA384, "HS512": HMACAlgorithm.SHA512}
    signature = HMACAlgorithm(hashes[algorithm]).sign(unsigned.encode(), secret)
    return f"{unsigned}.{urlsafe_b64encode(signature).rstrip(b'=').decode()}"
