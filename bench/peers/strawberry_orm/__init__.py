"""Plain Strawberry with SQLAlchemy's ORM, written as Strawberry's documentation suggests: what most teams would build.

Not the package of that name. Documents are parsed and validated once (Strawberry's own two caches), a session lives
as long as a request, every level of the tree is loaded through a DataLoader, no limit guards it.
"""
