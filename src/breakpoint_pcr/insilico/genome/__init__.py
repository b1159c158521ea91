"""Search of a whole genome, part by part: off-target sites and the products between them."""
