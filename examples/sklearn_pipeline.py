"""Clean texts at the front of a scikit-learn pipeline.

Prints::

    True False False
"""

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

from cleantext.integrations.sklearn import CleanText

PAGE = """\
The ferry sailed again on Tuesday, the harbour office said. Subscribe to our newsletter here.
The landing stage in May. Photo: Ines Falk / Reuters
Advertisement
The island had been cut off for eleven weeks, and its baker had run out of flour in the second.
"""


def main():
    counts = make_pipeline(CleanText(level="safe"), CountVectorizer())
    counts.fit([PAGE])
    words = counts.named_steps["countvectorizer"].vocabulary_
    print("ferry" in words, "newsletter" in words, "advertisement" in words)


if __name__ == "__main__":
    main()
