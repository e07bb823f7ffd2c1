"""Development's mail page and the pages behind its links, in a real Chromium under their own policies."""

from playwright.async_api import expect

from app.mailing import Mailing
from db.viewer import Role
from tests.browser.conftest import Watched
from tests.world import World

INVITE = """mutation ($email: String!) { inviteMember(email: $email, role: USER) {
  __typename ... on Refusal { message } } }"""


async def test_from_an_invitation_to_a_new_password(world: World, watched: Watched) -> None:
    """Follow the invitation, choose a password, forget it, follow the next mail, set another one."""
    admin = await world.person(await world.organization("Caravela"), Role.ADMIN, "Dulce <b>Azeredo</b>")
    email = f"browser-{admin.id.hex[:8]}@invited.example"
    answer = await world.graphql(admin, INVITE, {"email": email})
    assert answer.data["inviteMember"]["__typename"] == "MemberInvited"
    page = watched.page
    await _follow(world, watched, email)
    await page.get_by_label("First and last name").fill("Nova Pessoa")
    await page.get_by_label("Password").fill("short")
    await page.get_by_role("button").click()
    await expect(page.get_by_role("status")).to_contain_text("at least 12 characters")
    await page.get_by_label("Password").fill("twelve candles and a boat")
    await page.get_by_role("button").click()
    await expect(page.get_by_role("status")).to_have_text("Your account is made, and you are signed in.")
    assert (await world.client.post("/api/auth/forgot", json={"email": email})).status_code == 200
    await _follow(world, watched, email)
    await page.get_by_label("Password").fill("a harbour made of rain")
    await page.get_by_role("button").click()
    await expect(page.get_by_role("status")).to_have_text("Your password is set. Sign in with it.")
    login = await world.client.post("/api/auth/login", json={"email": email, "password": "a harbour made of rain"})
    assert login.status_code == 200
    await page.goto(f"{watched.base}/dev/mail")
    await expect(page.get_by_text("Dulce <b>Azeredo</b> invites you").first).to_be_visible()
    await page.get_by_role("link", name="as HTML").first.click()
    await expect(page.get_by_text("the password of").first).to_be_visible()
    assert all(url.startswith((watched.base, "data:")) for url in watched.requests)
    # What Chromium says of the refused password, of an icon that is not there and of forms is no complaint.
    assert [each for each in watched.complaints if not each.startswith(("Failed to load resource", "[DOM]"))] == []


async def _follow(world: World, watched: Watched, email: str) -> None:
    """Open the page of mails and click the link of the newest for this address."""
    mailer = world.gateway.services.mailer
    assert isinstance(mailer, Mailing)
    await mailer.outgoing.drained()
    await watched.page.goto(f"{watched.base}/dev/mail")
    article = watched.page.locator("article", has_text=f"To {email}").first
    link = await article.locator("pre a").get_attribute("href")
    assert link is not None
    await watched.page.goto(link.replace("http://127.0.0.1:8000", watched.base))
