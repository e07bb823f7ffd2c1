"""Documents that people keep."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from app.settings.forms import SAFE_ORIGIN, Group


class Exporting(Group):
    """Settings of exports."""

    export_theme: Path | None = Field(None, description="Stylesheet of exported PDFs that replaces ours.")
    export_dir: Path | None = Field(
        None, description="Folder of finished exports, which all gateways and workers share; below DATA_DIR without it."
    )
    export_s3_bucket: str | None = Field(None, description="Bucket of finished exports, instead of a folder.")
    export_s3_endpoint: str | None = Field(None, description="Address of what speaks S3; Amazon's without it.")
    export_s3_region: str | None = Field(None, description="Region of the bucket; us-east-1 without it.")
    export_s3_key_id: str | None = Field(None, description="Key of the bucket; the machine's own rights without it.")
    export_s3_secret: str | None = Field(None, repr=False, description="Its secret.")

    def problems(self) -> Iterator[str]:
        """What does not go together."""
        yield from super().problems()
        if (self.export_s3_key_id is None) != (self.export_s3_secret is None):
            yield "EXPORT_S3_KEY_ID and EXPORT_S3_SECRET must be set together"
        if self.export_s3_bucket is None and (
            self.export_s3_endpoint or self.export_s3_region or self.export_s3_key_id
        ):
            yield "EXPORT_S3_BUCKET must be set with the other settings of S3"
        endpoint = self.export_s3_endpoint
        if endpoint and not endpoint.startswith(("https://", "http://")):
            yield "EXPORT_S3_ENDPOINT is no address; one looks like https://s3.example.org"
        elif endpoint and not self.in_development and not SAFE_ORIGIN.match(endpoint):
            yield "EXPORT_S3_ENDPOINT must be https in production"
