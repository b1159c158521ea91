"""One file per export format; adding one means a file and a line in `catalogue`."""
