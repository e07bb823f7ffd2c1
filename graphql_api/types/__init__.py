"""GraphQL types, one file or folder for each domain."""
