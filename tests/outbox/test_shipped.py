"""The queue's schema is the one that the migration was released with."""

from hashlib import sha256
from importlib import resources

SHIPPED = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"


def test_the_library_brings_the_schema_that_was_released() -> None:
    """If not: put the old text beside the migrations, have 0011 use it, and make the changes in a new migration."""
    schema = (resources.files("procrastinate") / "sql" / "schema.sql").read_bytes()
    assert sha256(schema).hexdigest() == SHIPPED
