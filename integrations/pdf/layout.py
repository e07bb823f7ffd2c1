"""Lays a page out and gives the PDF: tagged for readers that read aloud, with bookmarks, and nothing fetched for it."""

from typing import Never

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse


class _NothingFetched(URLFetcher):  # type: ignore[misc]  # the library has no types
    """Refuses every address. ``data:`` is no address: what a theme embeds, such as a font or a mark."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        return self._refuse(url)

    def _refuse(self, url: str) -> Never:
        raise ValueError(f"nothing is fetched: {url:.100}")


def pdf_of(page: str, theme: str) -> bytes:
    """``page`` (HTML) in the stylesheet ``theme`` (CSS) as PDF/UA-1."""
    fetcher = _NothingFetched(allowed_protocols=("data",))
    fonts = FontConfiguration()
    sheet = CSS(string=theme, url_fetcher=fetcher, font_config=fonts)
    pdf: bytes = HTML(string=page, url_fetcher=fetcher).write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return pdf
