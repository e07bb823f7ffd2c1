"""The programs of docs/clients, run as they stand."""
