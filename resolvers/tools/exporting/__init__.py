"""Documents that a person keeps: a tool's answers as JSON or as PDF."""

from resolvers.tools.exporting.allowance import EXPORTS_PER_HOUR, Allowance
from resolvers.tools.exporting.export import Export, export_json, export_pdf

__all__ = ["EXPORTS_PER_HOUR", "Allowance", "Export", "export_json", "export_pdf"]
