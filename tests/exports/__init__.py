"""Documents that are made later, by the real worker, and the files they become."""
