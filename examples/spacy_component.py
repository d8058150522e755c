"""Mark chrome in a spaCy pipeline.

Prints::

    newsletter_signup | Subscribe to our newsletter here.
    ad_label | Advertisement
"""

import spacy

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    nlp = spacy.blank("en")
    nlp.add_pipe("cleantext", config={"level": "safe"})
    doc = nlp(PAGE)
    for span in doc.spans["cleantext"]:
        print(span.label_, "|", span.text)


if __name__ == "__main__":
    main()
