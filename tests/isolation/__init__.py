"""Isolation, proved: whatever the schema, the routes and the tables come to be, nobody meets a foreign row in them."""
