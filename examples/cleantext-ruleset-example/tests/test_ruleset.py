"""The rules on their examples, and on a page of the site."""

from cleantext_ruleset_example import ruleset

from cleantext import Cleaner
from cleantext.testing import check_ruleset

PAGE = (
    "The ferry sailed again on Tuesday, eleven weeks after the storm, the harbour office said.\n"
    "High water 04:12\n"
    "All the news the tide brings in\n"
    "The baker had run out of flour in the second week, and sold biscuits until the ferry came.\n"
)


def test_every_rule_on_its_examples() -> None:
    check_ruleset(ruleset())


def test_a_page() -> None:
    cleaner = Cleaner(rulesets=["default", "harbour-ledger"])
    result = cleaner.analyze(PAGE, url="https://www.harbourledger.example/ferry")
    assert [cut.rule for cut in result.removed] == [
        "harbour-ledger.media_app_widget.tide-clock",
        "harbour-ledger.site_promo.motto",
    ]
    elsewhere = cleaner.analyze(PAGE, url="https://other.example/ferry")
    assert not {cut.rule for cut in elsewhere.removed} & {rule.id for rule in ruleset().rules}
