"""How a row of the store is written in numbers: fields of a token, letters of a trigram.

Compiled kernels keep these numbers: whoever changes one changes `kernels/rows.py` too.
"""

IN_TITLE, IN_BRAND, IN_CATEGORY, IN_BODY = 1, 2, 4, 8
# Above these four bits a field number counts how often title and description say the word.
TITLE_SHIFT, BODY_SHIFT = 4, 10
MOST_TIMES = 63
BASE = 37
TRIGRAMS = BASE**3
