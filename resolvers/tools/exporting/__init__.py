"""Documents that a person keeps: a tool's answers as JSON or as PDF, and all of them as a book."""

from resolvers.tools.exporting.allowance import EXPORTS_PER_HOUR, Allowance
from resolvers.tools.exporting.export import Export, export_json, export_pdf
from resolvers.tools.exporting.jobs import (
    download_link,
    fail_export,
    find_export,
    forget_expired,
    make_export,
    request_book,
    request_export,
)

__all__ = [
    "EXPORTS_PER_HOUR",
    "Allowance",
    "Export",
    "download_link",
    "export_json",
    "export_pdf",
    "fail_export",
    "find_export",
    "forget_expired",
    "make_export",
    "request_book",
    "request_export",
]
