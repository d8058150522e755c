"""`cleantext rules`: look rules up, test, begin and find them."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from cleantext.cleaner import DEFAULT, Cleaner
from cleantext.cli import options
from cleantext.cli.inputs import Fault, Fields
from cleantext.cli.options import fail, write
from cleantext.cli.progress import many
from cleantext.cli.run import Page, analyze
from cleantext.mining import Miner, draft
from cleantext.rules.lexical import Lexicon
from cleantext.rulesets import Rule, RuleSet, RuleSetError, _shipped_files, load_ruleset
from cleantext.types import CATEGORIES, KINDS, LEVELS

# Two paragraphs for a line to stand between.
_BEFORE = (
    "The ferry to Aldersea ran aground on the sandbank at four in the morning, and it was noon before "
    "the last of the ninety passengers had been rowed ashore by the crew of the lifeboat."
)
_AFTER = (
    "When the mill shut the council promised new jobs within two years; the building stood empty for "
    "thirty, until a group of weavers asked whether they might have the keys to the upper floor."
)

NEW = """\
# What these rules are for. Every key is checked when the file is read, and every example is run:
#     cleantext rules test {file}
name = "{name}"
{head}
[[rule]]
id = "{prefix}.{category}.slogan"  # language (or the set's name), category, what is seen
category = "{category}"  # {about}
weight = 8  # log-odds that the line is chrome: 8 is certain by itself, 4 likely, 2 a hint
match = "whole"  # the line is one of the phrases: also start, end, anywhere, bar
phrases = ["All the news the tide brings in"]
reason = "the paper's slogan"
examples = ["All the news the tide brings in"]
counter_examples = ["All the news the tide brings in is old by noon."]
"""


@click.group()
def rules() -> None:
    """Look rules up, test them, begin new ones, find what is missing."""


@rules.command("list")
@click.option(
    "--ruleset",
    "names",
    multiple=True,
    metavar="NAME",
    help="A rule set, by name or path; by default all that are shipped.",
)
@click.option("--category", type=click.Choice([*CATEGORIES, *KINDS]), help="Only of this kind.")
@click.option("--lang", help="Only of this language.")
@options.json_option  # fmt: skip
def list_rules(
    names: tuple[str, ...], category: str | None, lang: str | None, as_json: bool
) -> None:
    """List rules: id, weight, reason."""
    found = [
        rule for ruleset in _load(names) for rule in ruleset.rules
        if category in (None, rule.category) and lang in (None, rule.lang)
    ]  # fmt: skip
    if as_json:
        for rule in found:
            write(json.dumps(asdict(rule), ensure_ascii=False) + "\n")
        return
    width = max((len(rule.id) for rule in found), default=0)
    for rule in found:
        write(f"{rule.id:{width}}  {rule.weight:+5.1f}  {rule.reason}\n")
    click.echo(many(len(found), "rule"), err=True)


@rules.command()
@click.argument("rule_id", metavar="ID")
@click.option("--ruleset", "names", multiple=True, metavar="NAME", help="Where else to look.")
@options.json_option
def show(rule_id: str, names: tuple[str, ...], as_json: bool) -> None:
    """Show all of one rule, examples included."""
    known = {
        rule.id: (rule, ruleset) for ruleset in _load((DEFAULT, *names)) for rule in ruleset.rules
    }
    if rule_id not in known:
        if rule_id.startswith("any."):
            fail(f"{rule_id} is not among the rules that are data: the structural rules and the "
                 "scorer, which have no words, give such ids too")  # fmt: skip
        close = difflib.get_close_matches(rule_id, known, 3)
        fail(f"no rule {rule_id!r}" + (f"; did you mean {', '.join(close)}?" if close else ""))
    rule, ruleset = known[rule_id]
    if as_json:
        write(json.dumps({"ruleset": ruleset.name, **asdict(rule)}, ensure_ascii=False) + "\n")
        return
    write("".join(f"{name:17}{line}\n" for name, line in _shown(rule, ruleset)))


def _shown(rule: Rule, ruleset: RuleSet) -> Iterator[tuple[str, str]]:
    about = {**CATEGORIES, **KINDS}[rule.category]
    yield "id", rule.id
    yield "rule set", ruleset.name
    yield "category", f"{rule.category}: {about}"
    for field in fields(Rule):
        value = getattr(rule, field.name)
        if field.name in ("id", "category", "lang") or value in ((), None, 0):
            continue
        if not isinstance(value, tuple):
            yield field.name, f"{value:g}" if isinstance(value, float) else str(value)
            continue
        for at, each in enumerate(value):
            yield (field.name.replace("_", "-") if not at else ""), each


def _load(names: Sequence[str]) -> list[RuleSet]:
    try:
        return [
            load_ruleset(each)
            for name in names or (DEFAULT,)
            for each in ([path.stem for path in _shipped_files()] if name == DEFAULT else [name])
        ]
    except RuleSetError as error:
        fail(str(error))


@rules.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def test(files: tuple[str, ...]) -> None:
    """Check rule sets: every key, every example, and what else they speak on.

    For each rule it says from which level its first example goes when it stands between two
    paragraphs, with all shipped rules at work; and names the counter-examples of shipped rules
    that it speaks on, since those are body.
    """
    faulty = 0
    for name in files:
        try:
            ruleset = load_ruleset(Path(name))
        except RuleSetError as error:
            click.echo(f"cleantext: {error}", err=True)
            faulty += 1
            continue
        levels = _levels(ruleset)
        write(
            f"{name}: {many(len(ruleset.rules), 'rule')}; every example and counter-example holds\n"
        )
        width = max((len(rule.id) for rule in ruleset.rules), default=0)
        for rule in ruleset.rules:
            write(f"  {rule.id:{width}}  {rule.weight:+5.1f}  {levels[rule.id]}\n")
        for line in _overreach(ruleset):
            write(f"{line}\n")
    sys.exit(2 if faulty else 0)


def _levels(ruleset: RuleSet) -> dict[str, str]:
    """Return for each rule the strictest level at which its first example goes."""
    cleaners = [(level, Cleaner(level, [DEFAULT, ruleset])) for level in LEVELS]
    url = f"https://{ruleset.sites[0]}/" if ruleset.sites else None
    out = {}
    for rule in ruleset.rules:
        if rule.weight < 0:
            out[rule.id] = "protects"
            continue
        line = rule.examples[0]
        page = f"{_BEFORE}\n{line}\n{_AFTER}\n"
        start = len(_BEFORE) + 1
        out[rule.id] = "alone at no level: a hint that adds to others"
        for level, cleaner in cleaners:
            spans = cleaner.removed_spans(page, url=url, lang=ruleset.lang)
            if any(low < start + len(line) and high > start for low, high in spans):
                out[rule.id] = f"alone from {level}"
                break
    return out


def _overreach(ruleset: RuleSet) -> Iterator[str]:
    """Yield what the rules say of the shipped counter-examples, and of the two paragraphs."""
    lexicon, page_of = Lexicon([ruleset]), Cleaner(rulesets=[])._engine.page
    weights = {rule.id: rule.weight for rule in ruleset.rules}
    url = f"https://{ruleset.sites[0]}/" if ruleset.sites else None
    texts = [("a paragraph of an article", _BEFORE), ("a paragraph of an article", _AFTER)]
    texts += [
        (f"the counter-example of {rule.id}", text)
        for other in _load((DEFAULT,))
        if ruleset.lang in (None, other.lang) and other.name != ruleset.name
        for rule in other.rules
        if rule.weight > 0
        for text in rule.counter_examples
    ]
    for what, text in texts:
        for item in lexicon.find(page_of(text, url, ruleset.lang)):
            if weights[item.rule] > 0:
                yield f"  look at {item.rule}: it speaks on {what}: {text!r}"


@rules.command()
@click.argument("name")
@click.option("--lang", help="ISO 639-1 code of the pages it is for; by default all.")
@click.option("--site", "sites", multiple=True, metavar="HOST", help="A host it is for.")
@click.option(
    "--category", type=click.Choice([*CATEGORIES]), default="site_promo", show_default=True
)
@click.option("-o", "--out", metavar="FILE", help="The file to write; by default NAME.toml.")
def new(
    name: str, lang: str | None, sites: tuple[str, ...], category: str, out: str | None
) -> None:
    """Write the beginning of a rule set: one rule, to be replaced."""
    path = Path(out or f"{name}.toml")
    head = f"lang = {json.dumps(lang)}\n" if lang else ""
    if sites:
        head += f"sites = {json.dumps(list(sites))}\n"
    prefix = lang or "".join(c if c.isalnum() and c.isascii() else "-" for c in name.lower())
    text = NEW.format(file=path, name=name, head=head, prefix=prefix.lstrip("-0123456789") or "own",
                      category=category, about=CATEGORIES[category])  # fmt: skip
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    click.echo(f"{path}: edit it, then run: cleantext rules test {path}", err=True)


@rules.command()
@options.files_argument
@options.settings_options
@options.source_options
@click.option(
    "--min-pages",
    type=click.IntRange(2),
    default=5,
    show_default=True,
    help="On how many pages a line must stand.",
)
@click.option(
    "--top", type=click.IntRange(1), default=50, show_default=True, help="How many drafts."
)
@click.option("-o", "--out", metavar="FILE", help="Where to write them; by default stdout.")  # fmt: skip
def mine(
    files: tuple[str, ...], form: str | None, field: str, url_field: str, is_html: bool,
    url: str | None, lang: str | None, min_pages: int, top: int, out: str | None, **chosen: Any,
) -> None:  # fmt: skip
    """Find frequent lines and sentence ends that no rule explains, as drafts of rules."""
    cleaner = options.make_cleaner(options.read_settings(**chosen))
    miner, pages, faults = Miner(), 0, 0
    for item in options.pages(options.find_sources(files, form), Fields(field, url_field, is_html)):
        if isinstance(item, Fault):
            click.echo(f"cleantext: {item}", err=True)
            faults += 1
            continue
        page = Page.of(item, url)
        miner.add(analyze(cleaner, page, lang), page.url)
        pages += 1
    groups = miner.groups(min_pages, top)
    text = draft(groups, Path(out).stem if out else "drafts", lang)
    if out:
        try:
            Path(out).write_text(text, encoding="utf-8")
        except OSError as error:
            fail(f"{out}: {error.strerror}")
    else:
        write(text)
    click.echo(f"{many(pages, 'page')}, {many(text.count('[[rule]]'), 'draft')}", err=True)
    sys.exit(2 if faults else 0)
