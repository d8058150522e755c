"""Rules for the site of The Harbour Ledger, as a rule set that cleantext finds by name."""

from importlib.resources import files

from cleantext import RuleSet
from cleantext.rulesets import parse_ruleset


def ruleset() -> RuleSet:
    """Return the rule set; cleantext calls this when the set is named."""
    source = files(__package__).joinpath("rules.toml")
    return parse_ruleset(source.read_text(encoding="utf-8"), str(source))
