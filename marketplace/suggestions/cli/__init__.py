"""Commands of the engine: match files without a database, rebuild what is suggested."""

from marketplace.suggestions.cli.lists import match_list

COMMANDS = (match_list,)
