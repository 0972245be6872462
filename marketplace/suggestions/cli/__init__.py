"""Commands of the engine: match files without a database, compute all suggestions anew."""

from marketplace.suggestions.cli.batch import suggest_all
from marketplace.suggestions.cli.lists import match_list

COMMANDS = (match_list, suggest_all)
