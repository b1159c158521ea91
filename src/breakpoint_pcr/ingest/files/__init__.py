"""What a file of a run folder is, told by its content: text, workbook, archive; with limits."""
