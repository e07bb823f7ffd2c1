"""How a document is executed: parsed and validated once, its rows loaded ahead, its leaves plain values."""
