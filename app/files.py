"""Where finished documents are kept, and the address that serves those of a folder."""

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from app.settings import Settings
from integrations.files import Bucket, Folder, NoSuchFile
from resolvers.context import Clock
from resolvers.files import Files

PATH = "/exports"


def files_of(settings: Settings) -> Files:
    """A bucket where one is set, else a folder."""
    if settings.export_s3_bucket:
        return Bucket(
            settings.export_s3_bucket,
            endpoint=settings.export_s3_endpoint,
            region=settings.export_s3_region,
            key_id=settings.export_s3_key_id,
            secret=settings.export_s3_secret,
        )
    path = settings.export_dir or settings.data_dir / "exports"
    return Folder(path, [key.secret for key in settings.key_ring.keys], f"{settings.public_address}{PATH}")


def file_routes(folder: Folder, clock: Clock) -> APIRouter:
    """``/exports/{name}/{filename}``: for whoever has a link that we have made."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH + "/{name}/{filename}")
    async def fetch(name: str, filename: str, until: str = "", signature: str = "") -> Response:
        try:
            content = await folder.fetch(name, filename, until, signature, clock())
        except NoSuchFile:
            raise HTTPException(404) from None  # whichever it was: not ours, run out, gone
        headers = {"Content-Disposition": f'attachment; filename="{filename}"', "Cache-Control": "private, no-store"}
        return Response(content, media_type="application/pdf", headers=headers)

    return router
