"""Files in a bucket that speaks S3. Links lead to the bucket itself, which checks them."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from math import floor
from typing import Any

import boto3
from botocore.config import Config

_TIMES = Config(
    signature_version="s3v4", connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3}
)


@dataclass(frozen=True)
class Bucket:
    """A bucket. Without ``key_id`` the machine's own rights are used, as boto3 finds them."""

    name: str
    prefix: str = "exports/"
    endpoint: str | None = None
    region: str | None = None
    key_id: str | None = None
    secret: str | None = field(default=None, repr=False)

    async def keep(self, name: str, content: bytes, filename: str) -> None:
        """Keep a PDF."""
        await asyncio.to_thread(
            self.client.put_object,
            Bucket=self.name,
            Key=self.prefix + name,
            Body=content,
            ContentType="application/pdf",
            ContentDisposition=f'attachment; filename="{filename}"',
            CacheControl="private, no-store",
        )

    def link(self, name: str, filename: str, now: datetime, until: datetime) -> str:
        """A presigned address; made here, without asking the bucket."""
        address: str = self.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.name,
                "Key": self.prefix + name,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
            },
            ExpiresIn=max(1, floor((until - now).total_seconds())),
        )
        return address

    async def forget(self, name: str) -> None:
        """Delete a file."""
        await asyncio.to_thread(self.client.delete_object, Bucket=self.name, Key=self.prefix + name)

    @cached_property
    def client(self) -> Any:
        """boto3's, made when it is first needed."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region or "us-east-1",
            aws_access_key_id=self.key_id,
            aws_secret_access_key=self.secret,
            config=_TIMES,
        )
