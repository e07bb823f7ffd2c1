"""A browser that comes from the school by a link: where it goes on, and where it never does."""

from collections.abc import AsyncIterator
from itertools import count
from urllib.parse import urlencode

import httpx
import pytest

from app.serving import application, open_gateway
from app.settings import Settings
from app.storage import Storage
from db.catalogue import Catalogue
from resolvers.learnworlds.destinations import is_allowed
from tests.rest_shim.documented import Documented
from tests.rest_shim.school import SSO, Pupil, link
from tests.world import World

TOOLS, APP = "https://tools.example.org", "https://app.example.org:8443"
FAILED = "https://tools.example.org/failed?from=school"

_addresses = count(1)


@pytest.fixture(scope="module")
async def app(storage: Storage, catalogue: Catalogue, settings: Settings, world: World) -> AsyncIterator[object]:
    """A gateway of a school with two frontends and an error page; ``world`` has migrated its database."""
    assert world
    ours = settings.model_copy(update={"sign_in_origins": (TOOLS, APP), "sign_in_error_page": FAILED})
    async with open_gateway(ours, storage, catalogue) as gateway:
        yield application(gateway, ours, storage)


@pytest.fixture
async def browser(app: object) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at an address of its own, that follows nothing by itself."""
    transport = httpx.ASGITransport(app, client=(f"10.6.0.{next(_addresses)}", 1))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
        yield client


def failed(code: str) -> str:
    """Where a browser ends that is not signed in."""
    return f"{FAILED}&error={code}"


@pytest.mark.parametrize(
    "redirect", [TOOLS, f"{TOOLS}/", f"{APP}/start?tool=dream#top", "/graphiql", "/", f"{TOOLS}?a=b"]
)
async def test_a_browser_goes_on_with_a_session(
    browser: httpx.AsyncClient, documented: Documented, redirect: str
) -> None:
    """302 to the page that was asked for, nothing of the session in its address; the cookie gives a token."""
    answer = await browser.get(link(Pupil(), redirect))
    documented.check(answer)
    assert (answer.status_code, answer.headers["location"]) == (302, redirect)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    token = browser.cookies.get("refresh_token")
    assert token is not None
    assert token not in answer.text
    assert (await browser.post("/api/auth/refresh", json={})).status_code == 200


async def test_without_a_page_it_is_our_own(browser: httpx.AsyncClient) -> None:
    """The first page of this host."""
    assert (await browser.get(link(Pupil()))).headers["location"] == "/"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "user_id=1",
        "user_id=%00&email=%ff&name=%ED%A0%80&timestamp=now&signature=%00",
        "user_id=a&email=b&name=c&timestamp=1.5&signature=" + "a" * 64,
        "user_id=a&user_id=b&signature=" + "a" * 5000,
    ],
)
async def test_whatever_is_wrong_ends_at_the_error_page(
    browser: httpx.AsyncClient, documented: Documented, query: str
) -> None:
    """With a code, and without a cookie."""
    answer = await browser.get(f"{SSO}?{query}")
    documented.check(answer)
    assert (answer.status_code, answer.headers["location"]) == (302, failed("SIGN_IN_REFUSED"))
    assert "set-cookie" not in answer.headers


async def test_a_link_works_once(browser: httpx.AsyncClient) -> None:
    """Going back and forward in the browser ends at the error page, and the session stays."""
    address = link(Pupil(), "/graphiql")
    assert (await browser.get(address)).headers["location"] == "/graphiql"
    again = await browser.get(address)
    assert again.headers["location"] == failed("SIGN_IN_REFUSED")
    assert (await browser.post("/api/auth/refresh", json={})).status_code == 200


async def test_too_many_refusals_are_told_by_their_code(browser: httpx.AsyncClient) -> None:
    """RATE_LIMITED, as over POST."""
    for _ in range(30):
        await browser.get(f"{SSO}?user_id=1")
    assert (await browser.get(link(Pupil()))).headers["location"] == failed("RATE_LIMITED")


EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "//evil.example@tools.example.org",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http://tools.example.org",
    "HTTPS://tools.example.org/",
    "https://TOOLS.example.org/",
    "https://tools.example.org.evil.example/",
    "https://tools.example.orgevil.example/",
    "https://tools.example.org@evil.example/",
    "https://tools.example.org:pass@evil.example/",
    "https://tools.example.org:443@evil.example",
    "https://evil.example@tools.example.org/",
    "https://user:pass@tools.example.org/",
    "https://tools.example.org:444/",
    "https://tools.example.org:/",
    "https://tools.example.org\\@evil.example/",
    "https://tools.example.org\\.evil.example/",
    "https://tools.example.org%2eevil.example/",
    "https://tools.example.org%2f@evil.example/",
    "https://tools.example.org#@evil.example/",
    "https://tools.example.org\N{FULLWIDTH SOLIDUS}.evil.example/",
    "https://tools.example.org\N{IDEOGRAPHIC FULL STOP}evil.example/",
    "https://t\N{CYRILLIC SMALL LETTER O}ols.example.org/",
    "https://tools.example.org/\r\nSet-Cookie: refresh_token=x",
    "https://tools.example.org/\x00",
    "https://xn--tls-rjc2c.example.org/",
    "https://app.example.org/",
    "https://sub.tools.example.org/",
    "javascript:alert(1)//https://tools.example.org/",
    "data:text/html,<script>alert(1)</script>",
    "tools.example.org/",
    "graphiql",
    "",
    ".",
    "?error=x",
    "https://tools.example.org/<script>",
    "/" + "a" * 2_000,
]


@pytest.mark.parametrize("redirect", EVIL)
async def test_nowhere_else(browser: httpx.AsyncClient, redirect: str) -> None:
    """Refused before the statement is looked at: it signs in afterwards, at a page that is listed."""
    pupil = Pupil()
    address = link(pupil, redirect)
    answer = await browser.get(address)
    assert (answer.status_code, answer.headers["location"]) == (302, failed("REDIRECT_NOT_ALLOWED"))
    assert "set-cookie" not in answer.headers
    good = address.replace(urlencode({"redirect": redirect}), urlencode({"redirect": f"{TOOLS}/"}))
    assert (await browser.get(good)).headers["location"] == f"{TOOLS}/"


@pytest.mark.parametrize(
    "redirect", ["/%2f/evil.example", "/%5cevil.example", "/.//evil.example", "/a//b", "/?u=//e.example"]
)
def test_what_stays_on_this_host_may(redirect: str) -> None:
    """A browser takes none of these for another host: it does not decode a path before it reads it."""
    assert httpx.URL("https://gateway.test/start").join(redirect).host == "gateway.test"
    assert is_allowed(redirect, ())


NAVIGATION = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


async def test_a_link_of_another_site_is_followed(browser: httpx.AsyncClient) -> None:
    """The school is one; browsers of today say so, older ones nothing."""
    for headers in (NAVIGATION, NAVIGATION | {"Sec-Fetch-User": "?1"}, {}):
        answer = await browser.get(link(Pupil(), "/graphiql"), headers=headers)
        assert answer.headers["location"] == "/graphiql"


@pytest.mark.parametrize(
    "changed",
    [
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Dest": "script", "Sec-Fetch-Mode": "no-cors"},
    ],
)
async def test_a_frame_or_an_image_of_another_site_is_not(browser: httpx.AsyncClient, changed: dict[str, str]) -> None:
    """What nobody sees must not sign anybody in: 403, and the statement is not used up."""
    address = link(Pupil(), "/graphiql")
    refused = await browser.get(address, headers=NAVIGATION | changed)
    assert (refused.status_code, refused.json()["code"]) == (403, "CROSS_SITE_REQUEST")
    assert (await browser.get(address)).headers["location"] == "/graphiql"


async def test_nothing_of_a_link_is_logged(browser: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    """Not the signature, not the address."""
    pupil = Pupil()
    with caplog.at_level("DEBUG"):
        await browser.get(link(pupil, "/graphiql"))
        await browser.get(link(pupil, "//evil.example"))
    ours = [record for record in caplog.records if record.name.startswith("fast_track_graph")]
    assert len(ours) == 2
    assert not any(pupil.user_id in record.getMessage() or "signature" in record.getMessage() for record in ours)
