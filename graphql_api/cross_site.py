"""Keeps pages of other sites from acting through a browser: its cookies would travel with what such a page sends."""

from collections.abc import Collection
from typing import Protocol

from graphql_api.exchange import HttpError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that a link or an image can use."""


class RequestHeaders(Protocol):
    """Headers by name, in any case."""

    def get(self, name: str, /) -> str | None:
        """The value of a header."""


def from_our_page(headers: RequestHeaders, trusted: Collection[str]) -> bool | None:
    """Whether a page of this host or of an origin in ``trusted`` sent the request; ``None`` where nothing says so.

    Browsers say where a request comes from, and no page can change what they say. What says nothing is no browser, or
    one so old that only the content type stands between it and us: a form cannot send any that we accept.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site == "same-origin" or origin in trusted:
        return True
    if site is None and origin is not None:
        return origin.partition("://")[2] == headers.get("host")
    return None if site in (None, "none") else False


def refuse_cross_site(headers: RequestHeaders, trusted: Collection[str]) -> None:
    """Raises ``HttpError`` 403 for the request of a page whose origin is neither ours nor in ``trusted``.

    To be called before anything is changed: for every unsafe method, and for a safe one that changes something.
    """
    if from_our_page(headers, trusted) is False:
        raise HttpError(
            403,
            "A page of another site sent this. Use a page of this host, or add the page's origin to CORS_ORIGINS.",
            "CROSS_SITE_REQUEST",
        )


def is_followed_link(headers: RequestHeaders) -> bool:
    """Whether a browser will show the answer as its page: a link or a redirect, not a frame, an image or a script."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
