"""Speed against peers, as ratios: the same rows, identity and policies for each, rounds interleaved on pinned cores."""
