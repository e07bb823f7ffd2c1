"""The refresh token as a cookie: what a browser sends of it, and the header that sets or clears it."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from resolvers.context import RefreshCookie


@dataclass(frozen=True, slots=True)
class CookiePolicy:
    """Attributes of the cookie. ``secure`` only leaves out what a page without TLS could not keep, in development."""

    secure: bool
    same_site: str

    @property
    def name(self) -> str:
        """With the prefix that lets no other host or path set it, wherever browsers take that."""
        return "__Host-refresh_token" if self.secure else "refresh_token"

    def read(self, header: str | None) -> RefreshCookie:
        """What the request's ``Cookie`` header says; one that is malformed says nothing."""
        if not header or self.name not in header:
            return RefreshCookie()
        try:
            found = SimpleCookie(header).get(self.name)
        except CookieError:
            return RefreshCookie()
        return RefreshCookie(found.value if found else None)

    def headers(self, cookie: RefreshCookie) -> dict[str, str]:
        """The response's ``Set-Cookie``, where the browser shall keep something else than before."""
        if cookie.kept is None:
            return {}
        max_age = round(cookie.keep_for.total_seconds()) if cookie.kept else 0
        secure = "; Secure" if self.secure else ""
        same_site = self.same_site.capitalize()
        value = f"{self.name}={cookie.kept}; Path=/; HttpOnly; SameSite={same_site}; Max-Age={max_age}{secure}"
        return {"Set-Cookie": value}
