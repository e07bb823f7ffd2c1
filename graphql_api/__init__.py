"""The contract: types, names, limits, who is asking, and how a document is executed."""
