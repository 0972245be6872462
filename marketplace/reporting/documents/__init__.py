"""The report in words: for the page, the paper and the workbook."""
