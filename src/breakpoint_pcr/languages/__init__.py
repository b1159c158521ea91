"""Languages other than English: one file each, with wording and the sentences of the tables."""
