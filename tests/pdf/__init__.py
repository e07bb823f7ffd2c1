"""Documents as PDF, printed as in production: in a process of its own."""
