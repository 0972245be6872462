"""How a row of the store is written in numbers: fields of a token, letters of a trigram.

Compiled kernels keep these numbers: whoever changes one changes a file of `kernels` too.
"""

IN_TITLE, IN_BRAND, IN_CATEGORY, IN_BODY = 1, 2, 4, 8
# Above these four bits a field number counts how often title and description say the word.
TITLE_SHIFT, BODY_SHIFT = 4, 10
MOST_TIMES = 63
BASE = 37
TRIGRAMS = BASE**3

# What is known of a string in a text: its words where it stands between blanks; that it holds a
# number; its words where it is a number with all that belongs to it; whether it was tried beside a
# number, and then belongs to one that follows, or to one at either side.
KNOWN, NUMBERED, WINDOW, TRIED, LEANS_ON, LEANS = 1, 2, 4, 8, 16, 32

# A word of a need in numbers: its class, kind of variant, parting and outline, how many tokens and
# how many letters follow; then tokens, each with how surely it is meant, and letters.
MEANT_KIND, MEANT_VARIANT, MEANT_PARTING, MEANT_OUTLINE, MEANT_TOKENS, MEANT_LETTERS = range(6)
MEANT_HEAD = 6

# A comparison and what is shown of it are one number: its own above so many bits.
NUMBER_BITS = 16
