"""The proof: a simulated study of the whole pipeline, and a laboratory's own validation."""
