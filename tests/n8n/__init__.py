"""Help shown with a real n8n: ``make test-n8n``. Apart from the other tests, because n8n is 1.4 GB."""
