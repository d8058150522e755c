"""Tools for those who write rule sets: run a rule's examples, and strategies for property tests.

`check_ruleset` needs nothing but the library; the strategies need `hypothesis`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from cleantext.engine import Engine
from cleantext.rules.lexical import Lexicon
from cleantext.rules.lexicons import Lexicons
from cleantext.rulesets import Place, RuleSet, RuleSetError, shown

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def check_ruleset(ruleset: RuleSet, origin: str | None = None, source: str = "") -> None:
    """Run every rule on its examples and counter-examples.

    Args:
        ruleset: the rule set.
        origin: what to call it in messages; its name by default.
        source: the TOML text it was read from, so that messages can name lines.

    Raises:
        RuleSetError: a rule that does not speak on one of its examples, or does on a
            counter-example; the message lists all of them.
    """
    faults = list(_faults(ruleset, partial(Place, origin or ruleset.name, source)))
    if faults:
        raise RuleSetError("\n".join(faults))


def _faults(ruleset: RuleSet, place: Callable[[int, str], Place]) -> Iterator[str]:
    engine = Engine(Lexicons([]))
    url = f"https://{ruleset.sites[0]}/" if ruleset.sites else None
    for number, rule in enumerate(ruleset.rules, 1):
        lexicon = Lexicon([replace(ruleset, rules=(rule,))])  # of each alone: time stays linear
        late: list[tuple[str, int]] = []
        for name, texts, wanted in (
            ("examples", rule.examples, True), ("counter_examples", rule.counter_examples, False),
        ):  # fmt: skip
            for text in texts:
                page = engine.page(text, url, None)
                found = lexicon.find(page, late, everywhere=True)
                if late:
                    yield f"{place(number, rule.id)}: field 'pattern' takes too long on {shown(text)}"
                    return  # the next might take as long
                if bool(found) != wanted:
                    told = "does not match" if wanted else "matches"
                    yield f"{place(number, rule.id)}: field {name!r}: {told} {shown(text)}"


#: Body lines of many kinds, none of them chrome, to plant chrome among.
BODY: Mapping[str, tuple[str, ...]] = {
    "prose": (
        "The ferry to Aldersea ran aground on the sandbank at four in the morning, and it was noon "
        "before the last of the ninety passengers had been rowed ashore by the lifeboat crew.",
        "Nobody in the valley remembers a winter like it: the road was closed for eleven weeks, and "
        "the baker drove his bread to the upper farms on a sledge borrowed from the school.",
        "Researchers at the institute had expected the glacier to lose a metre a year. What they "
        "measured last summer, with stakes drilled eight metres deep, was closer to four.",
        "When the mill shut in 1987 the council promised new jobs within two years. The building "
        "stood empty for thirty, until a group of weavers asked whether they might have the keys.",
        "She kept the letters in a biscuit tin under the stairs, tied with string, and she did not "
        "read them again until the house was sold and the tin was the last thing left in it.",
        "Der Fluss trat in der Nacht zum Sonntag über die Ufer, und am Morgen standen in der "
        "Unterstadt vierzig Keller unter Wasser, darunter das Archiv der Pfarrei.",
        "Les vignerons de la vallée ont commencé la récolte trois semaines plus tôt que d’habitude, "
        "et les plus anciens disent n’avoir jamais vu des grappes aussi petites en août.",
        "На рассвете рыбаки вышли на лёд, хотя накануне спасатели предупредили, что он держится "
        "только у берега, а посередине озера открылась трещина шириной в два метра.",
    ),
    "heading": ("A winter without a road", "What the stakes showed", "Die Nacht am Fluss"),
    "poem": ("the gulls come in before the rain", "and no one counts them",
             "I left the gate unlatched for you", "salt on the sill, salt on the bread"),
    "recipe": ("300 g rye flour", "2 tsp caraway seeds", "a pinch of salt",
               "Knead for ten minutes and leave it in a warm place.", "Bake at 220 °C."),
    "list": ("- two pairs of woollen socks", "- a lamp with spare batteries", "3. Tighten both nuts",
             "• Oak, ash and hornbeam"),
    "dialogue": ("“Have you been here all night?”", "— Nein, sagte er.", "“Ask her yourself.”",
                 "INTERVIEWER: And then the roof went?", "MARTHA: It went like paper."),
    "table": ("| Year | Depth (m) |", "| 2019 | 8.2 |", "Tuesday\t14\t9.3"),
    "code": ("def depth(stake):", "    return stake.length - stake.visible", "$ make install",
             "for (int i = 0; i < n; i++) {"),
    "answer": ("Q: Does the bread freeze well?", "A: Sliced, yes. Whole, the crust suffers.",
               "Which bearing fits the old pump, the 32 or the 35?"),
    "caption": ("Weavers at the old mill in May. Photo: Ines Falk / Reuters", "© AFP / Maria Lund",
                "The sandbank at low tide (Getty Images)"),
    "cjk": ("渡轮在凌晨四点搁浅，直到中午最后一批乘客才被救生艇接上岸，无人受伤。",
            "冬のあいだ道は十一週間閉ざされ、パン屋はそりで上の村までパンを運んだ。",
            "강물이 밤사이 둑을 넘어 아랫마을 지하실 마흔 곳이 물에 잠겼다."),
    "rtl": ("غمرت المياه أربعين قبوا في المدينة السفلى خلال ليلة السبت.",
            "הנהר עלה על גדותיו בלילה, ובבוקר עמדו ארבעים מרתפים במים."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A page of body lines with chrome lines planted among them.

    Attributes:
        lines: all lines, in order.
        body: whether each of them is body.
    """

    lines: tuple[str, ...]
    body: tuple[bool, ...]

    @property
    def text(self) -> str:
        """The page: its lines, joined by LF."""
        return "\n".join(self.lines)


def chrome_examples(rulesets: Iterable[RuleSet], weight: float = 6) -> list[str]:
    """Return the examples of all rules that by themselves weigh at least `weight`.

    Without headings that open a section, such as "Comments": what follows one of them inside an
    article looks like what it announces.
    """
    sets = list(rulesets)
    examples = {
        example
        for ruleset in sets
        for rule in ruleset.rules
        if rule.weight >= weight and rule.scope == "block" and not rule.near
        for example in rule.examples
    }
    lexicon, engine = Lexicon(sets), Engine(Lexicons([]))
    return sorted(
        example
        for example in examples
        if all(item.family != "heading" for item in lexicon.find(engine.page(example, None, None)))
    )


def bodies(min_size: int = 4, max_size: int = 14) -> SearchStrategy[list[str]]:
    """Draw body lines of mixed kinds; the last is a paragraph of prose.

    An article that ends in short lines under a planted heading such as "Related" cannot be told
    from one that ends in links; with a last paragraph it can.
    """
    from hypothesis import strategies as st

    any_line = st.sampled_from([line for lines in BODY.values() for line in lines])
    return st.builds(
        lambda lines, last: [*lines, last],
        st.lists(any_line, min_size=min_size - 1, max_size=max_size - 1),
        st.sampled_from(BODY["prose"]),
    )


def planted(chrome: Iterable[str], max_chrome: int = 8) -> SearchStrategy[Planted]:
    """Draw pages of body lines with up to `max_chrome` of the chrome lines anywhere in them."""
    from hypothesis import strategies as st

    pool = list(chrome)

    @st.composite
    def draw_page(draw: st.DrawFn) -> Planted:
        marked = [(line, True) for line in draw(bodies())]
        for line in draw(st.lists(st.sampled_from(pool), min_size=1, max_size=max_chrome)):
            marked.insert(draw(st.integers(0, len(marked))), (line, False))
        return Planted(tuple(line for line, _ in marked), tuple(body for _, body in marked))

    return draw_page()


def texts() -> SearchStrategy[str]:
    """Draw any str: all code points, lone surrogates and every line ending among them."""
    from hypothesis import strategies as st

    ending = st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\n\n", "\x0b", ""])
    line = st.one_of(
        st.text(st.characters(), max_size=40),
        st.sampled_from([line for lines in BODY.values() for line in lines]),
        st.sampled_from(["Advertisement", "Share", "Subscribe to our newsletter.", "0:00 / 3:45"]),
    )
    return st.lists(st.tuples(line, ending), max_size=12).map(
        lambda parts: "".join(text + end for text, end in parts)
    )


def html_pages() -> SearchStrategy[str | bytes]:
    """Return a strategy of HTML, well-formed and broken, as text and as bytes."""
    from hypothesis import strategies as st

    tags = "div p span a b h1 h2 ul li table tr td th pre br figure figcaption nav article script "
    name = st.sampled_from((tags + "style form button template svg x-card").split())
    attributes = st.sampled_from(
        ["", ' class="related-posts"', " class='wp-caption", ' hidden=""', " href=x", ' style="display:none"',
         ' role="navigation"', ' aria-hidden="true"', " id=\u0000 class", ' itemprop="articleBody"']
    )  # fmt: skip
    text = st.one_of(
        st.text(st.characters(), max_size=30),
        st.sampled_from([line for lines in BODY.values() for line in lines]),
        st.sampled_from(
            ["&nbsp;&#0;&bogus;", "<!-- open", "<![CDATA[x", "]]>", "<?php", "a\u2028b", "\x85"]
        ),
    )
    piece = st.one_of(
        text,
        st.builds("<{}{}>".format, name, attributes),
        st.builds("</{}>".format, name),
        st.builds("<{0}{1}>{2}</{0}>".format, name, attributes, text),
    )
    page = st.lists(piece, max_size=25).map("".join)
    encoded = st.sampled_from(["utf-8", "utf-16", "cp1251", "shift_jis"])
    return st.one_of(
        page,
        st.builds(lambda page, name: page.encode(name, "replace"), page, encoded),
        st.binary(max_size=200),
    )


#: Signs that programs trip over: line endings, controls, bidi marks, joiners, lone surrogates.
ODD = (
    "\x00\x08\x0b\x0c\x1b\x1c\x85\u00ad\u200b\u200c\u200d\u200e\u202a\u202e\u2028\u2029\u2066\u2069"
    "\ufeff\ufffd\ud800\udfff\u0301\u20e3\ufe0f\u0130\u0131\u1e9e\U0001f468\U000e0041\U0010ffff"
)


def hostile_texts(chrome: Iterable[str]) -> SearchStrategy[str]:
    """Draw texts that trip programs over: odd signs, runs of them, quotes within quotes, anywhere.

    Args:
        chrome: lines of which some stand in the texts, so that rules speak there.
    """
    from hypothesis import strategies as st

    run = st.builds(
        lambda sign, times: sign * times,
        st.sampled_from(
            [*ODD, *"\"'“”‘’«».!?。 \t\r\n|/·0", "e\u0301", "\r\n", "“‘", "\U0001f468\u200d"]
        ),
        st.sampled_from([1, 1, 2, 3, 50, 3000]),
    )
    piece = st.one_of(
        run,
        st.text(st.characters(), max_size=12),
        st.sampled_from(list(chrome)),
        st.sampled_from([line for lines in BODY.values() for line in lines]),
        st.just("\n"),
    )
    return st.lists(piece, max_size=14).map("".join)
