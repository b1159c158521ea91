"""Reference and panel folders made from a laboratory's own sequence and tables."""
