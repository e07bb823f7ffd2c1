"""Our own data: the catalogue of tools, the PostgreSQL schema made from it, and identity-bound access to it."""
