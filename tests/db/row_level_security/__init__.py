"""Who sees and who writes which rows, asked of PostgreSQL itself as the gateway's own login."""
