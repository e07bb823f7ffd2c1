"""Files that are kept for a while: in a folder, or in a bucket that speaks S3."""

from integrations.files.folder import Folder, NoSuchFile
from integrations.files.s3 import Bucket

__all__ = ["Bucket", "Folder", "NoSuchFile"]
