"""SQL text, generated once for each shape and then prepared by the driver."""
