# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Compiled twins of the hot loops. Same answers as the Python code that stands beside each caller.

Optional: where it could not be built, the Python code runs (PEP 399). `tests/test_speedups.py`
compares the two on real lines and on arbitrary ones.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.dict cimport PyDict_GetItem
from cpython.object cimport PyObject
from libc.math cimport log, log2
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memset

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void* PyUnicode_DATA(object)
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    uint32_t PyUnicode_READ(int kind, void* data, Py_ssize_t at)
    bint Py_UNICODE_ISSPACE(uint32_t)
    bint Py_UNICODE_ISALNUM(uint32_t)
    bint Py_UNICODE_ISALPHA(uint32_t)
    bint Py_UNICODE_ISUPPER(uint32_t)
    bint Py_UNICODE_ISLOWER(uint32_t)
    bint Py_UNICODE_ISDIGIT(uint32_t)
    bint Py_UNICODE_ISDECIMAL(uint32_t)

cdef struct Str:
    int kind
    void* data
    Py_ssize_t size


cdef inline Str view(object text):
    cdef Str out
    out.kind, out.data, out.size = PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)
    return out


cdef inline uint32_t char(Str text, Py_ssize_t at) noexcept:
    return PyUnicode_READ(text.kind, text.data, at)


cdef inline bint is_space(uint32_t sign) noexcept:
    if sign < 128:
        return sign == 32 or 9 <= sign <= 13 or 28 <= sign <= 31
    return Py_UNICODE_ISSPACE(sign)


cdef inline bint is_word(uint32_t sign) noexcept:
    """Tell whether `re` counts a character as part of a word."""
    return sign == 95 or Py_UNICODE_ISALNUM(sign)


cdef inline int to_byte(double value) noexcept:
    return 0 if value < 0 else 255 if value > 255 else <int>value


# Words


cdef inline uint64_t mix(uint64_t seed, uint32_t sign) noexcept:
    return (seed ^ sign) * <uint64_t>0x100000001B3  # FNV-1a, a code point at a time


cdef uint64_t SEED = <uint64_t>0xCBF29CE484222325
DEF HEAD = 14
DEF TAIL = 10
DEF PAIRS = 60


cdef inline uint64_t spread(uint64_t value) noexcept:
    value ^= value >> 29
    value *= <uint64_t>0xBF58476D1CE4E5B9
    return value ^ (value >> 32)


cdef class Words:
    """What words and pairs of words weigh, by their text; twin of `features.weigh_words`.

    Args:
        groups: words by their log-odds, one a line.
    """

    cdef uint64_t* _hashes
    cdef double* _values
    cdef uint64_t _mask

    def __cinit__(self, dict groups):
        cdef uint64_t size = 16, count = 0, hashed = SEED
        cdef Py_ssize_t place
        cdef uint32_t sign
        cdef double weight
        cdef Str text
        for group in groups.values():
            count += group.count("\n") + 1
        while size < 2 * count:
            size *= 2
        self._mask = size - 1
        self._hashes = <uint64_t*>calloc(size, sizeof(uint64_t))
        self._values = <double*>calloc(size, sizeof(double))
        if not self._hashes or not self._values:
            raise MemoryError
        for weight, group in groups.items():
            text = view(group)
            for place in range(text.size):
                sign = char(text, place)
                if sign == 10:
                    self._enter(hashed, weight)
                    hashed = SEED
                else:
                    hashed = mix(hashed, sign)
            self._enter(hashed, weight)
            hashed = SEED

    cdef _enter(self, uint64_t hashed, double weight):
        hashed = spread(hashed) | 1
        cdef uint64_t at = (hashed >> 1) & self._mask
        while self._hashes[at]:
            if self._hashes[at] == hashed:
                raise ValueError("two words with one hash")
            at = (at + 1) & self._mask
        self._hashes[at] = hashed
        self._values[at] = weight

    def __dealloc__(self):
        free(self._hashes)
        free(self._values)

    cdef inline void _add(self, uint64_t hashed, double* total, int* known) noexcept:
        hashed = spread(hashed) | 1
        cdef uint64_t at = (hashed >> 1) & self._mask
        while self._hashes[at]:
            if self._hashes[at] == hashed:
                if self._values[at] != 0:
                    total[0] += self._values[at]
                    known[0] += 1
                return
            at = (at + 1) & self._mask

    cdef tuple _weigh(self, object line):
        cdef Str text = view(line)
        cdef Py_ssize_t starts[24]
        cdef Py_ssize_t ends[24]
        cdef Py_ssize_t tail_starts[10]
        cdef Py_ssize_t tail_ends[10]
        cdef Py_ssize_t at = 0, begin, seen = 0, place
        cdef int count = 0, known = 0, kept, grams = 0
        cdef bint spaceless = False
        cdef uint32_t sign
        cdef double total = 0.0, pairs_total = 0.0
        while at < text.size:
            sign = char(text, at)
            if is_space(sign):
                at += 1
                continue
            begin = at
            while at < text.size:
                sign = char(text, at)
                if is_space(sign):
                    break
                if sign >= 0xE00 and (sign <= 0xEFF or 0x3040 <= sign <= 0x30FF or 0x3400 <= sign <= 0x9FFF):
                    spaceless = True
                at += 1
            if seen < HEAD + TAIL:
                starts[seen], ends[seen] = begin, at
            tail_starts[seen % TAIL], tail_ends[seen % TAIL] = begin, at
            seen += 1
        if not seen:
            return 0.0, 0.0
        count = <int>seen
        if seen > HEAD + TAIL:
            count = HEAD + TAIL
            for place in range(TAIL):
                starts[HEAD + place] = tail_starts[(seen - TAIL + place) % TAIL]
                ends[HEAD + place] = tail_ends[(seen - TAIL + place) % TAIL]
        if spaceless:
            return self._weigh_signs(text, starts, ends, count)
        # The words, the pairs, the ends: the order in which `features.grams` has them.
        cdef uint64_t hashes[24]
        cdef uint64_t hashed
        for kept in range(count):
            hashed = SEED
            for place in range(starts[kept], ends[kept]):
                hashed = mix(hashed, char(text, place))
            hashes[kept] = hashed
            self._add(hashed, &total, &known)
        for kept in range(1, count):
            hashed = mix(hashes[kept - 1], 32)
            for place in range(starts[kept], ends[kept]):
                hashed = mix(hashed, char(text, place))
            self._add(hashed, &total, &known)
        hashed = mix(SEED, 94)
        for place in range(starts[0], ends[0]):
            hashed = mix(hashed, char(text, place))
        self._add(hashed, &total, &known)
        self._add(mix(hashes[count - 1], 36), &total, &known)
        return total, known / <double>(2 * count + 1)

    cdef tuple _weigh_signs(self, Str text, Py_ssize_t* starts, Py_ssize_t* ends, int count):
        """Weigh pairs of characters, for scripts without spaces."""
        cdef uint32_t signs[PAIRS]
        cdef int size = 0, kept, known = 0, words
        cdef Py_ssize_t place
        cdef double total = 0.0
        for kept in range(count):
            for place in range(starts[kept], ends[kept]):
                if size < PAIRS:
                    signs[size] = char(text, place)
                    size += 1
        cdef uint64_t hashed
        if size == 1:
            self._add(mix(SEED, signs[0]), &total, &known)
            self._add(mix(mix(SEED, 94), signs[0]), &total, &known)
            self._add(mix(mix(SEED, signs[0]), 36), &total, &known)
            return total, known / 3.0
        words = size - 1
        for kept in range(words):
            self._add(mix(mix(SEED, signs[kept]), signs[kept + 1]), &total, &known)
        for kept in range(1, words):
            hashed = mix(mix(mix(SEED, signs[kept - 1]), signs[kept]), 32)
            self._add(mix(mix(hashed, signs[kept]), signs[kept + 1]), &total, &known)
        self._add(mix(mix(mix(SEED, 94), signs[0]), signs[1]), &total, &known)
        self._add(mix(mix(mix(SEED, signs[size - 2]), signs[size - 1]), 36), &total, &known)
        return total, known / <double>(2 * words + 1)

    def weigh(self, list lines, filled):
        """Return for each of the lines what its words weigh together, and the share that is known."""
        return [self._weigh(lines[index]) for index in filled]


# Features


cdef uint8_t SIZES[3000]
cdef int _size
for _size in range(3000):
    SIZES[_size] = min(255, round(22 * log2(1 + _size)))


cdef inline int size_byte(Py_ssize_t size) noexcept:
    return SIZES[size] if size < 3000 else 255


cdef inline int beginning(uint32_t sign) noexcept:
    if Py_UNICODE_ISUPPER(sign):
        return 9
    if Py_UNICODE_ISLOWER(sign):
        return 7
    if Py_UNICODE_ISALPHA(sign):
        return 8
    if Py_UNICODE_ISDIGIT(sign):
        return 6
    if sign in (34, 39, 0x201C, 0x201E, 0xAB, 0x2018, 0x300C):
        return 5
    if sign in (45, 0x2013, 0x2014):
        return 4
    if sign in (0x2022, 42, 0xB7, 0x25AA, 0x25CF, 0x25CB, 0x25BA, 0x25B6, 0x2713):
        return 3
    return 2


cdef inline bint follows(Str text, Py_ssize_t at, Py_ssize_t end, const char* word) noexcept:
    """Tell whether a word of ASCII stands at a place."""
    cdef Py_ssize_t step = 0
    while word[step]:
        if at + step >= end or char(text, at + step) != <uint32_t>word[step]:
            return False
        step += 1
    return True


cdef const char* TLDS[9]
TLDS[0], TLDS[1], TLDS[2], TLDS[3], TLDS[4] = b"com", b"org", b"net", b"de", b"ru"
TLDS[5], TLDS[6], TLDS[7], TLDS[8] = b"fr", b"pl", b"uk", b"info"


cdef bint has_link(Str text) noexcept:
    """Twin of `features._LINK.search(line[:400])`, but for its addresses of mail."""
    cdef Py_ssize_t end = min(text.size, 400), at, after
    cdef uint32_t sign
    cdef int which
    for at in range(end):
        sign = char(text, at)
        if sign == 46:
            if at and is_word(char(text, at - 1)):
                for which in range(9):
                    if follows(text, at + 1, end, TLDS[which]):
                        after = at + (5 if which == 8 else 4 if which < 3 else 3)
                        if after >= end or not is_word(char(text, after)):
                            return True
        elif sign == 104:
            if follows(text, at, end, b"http:") or follows(text, at, end, b"https:"):
                return True
        elif sign == 119:
            if follows(text, at, end, b"www."):
                return True
    return False


cdef class _Set:
    """Hashes of words."""

    cdef uint64_t* slots
    cdef uint64_t mask
    cdef Py_ssize_t count

    def __cinit__(self):
        self.mask = 1023
        self.slots = <uint64_t*>calloc(self.mask + 1, sizeof(uint64_t))
        if not self.slots:
            raise MemoryError

    def __dealloc__(self):
        free(self.slots)

    cdef bint has(self, uint64_t hashed) noexcept:
        hashed = spread(hashed) | 1
        cdef uint64_t at = (hashed >> 1) & self.mask
        while self.slots[at]:
            if self.slots[at] == hashed:
                return True
            at = (at + 1) & self.mask
        return False

    cdef int add(self, uint64_t hashed) except -1:
        cdef uint64_t at, place, old_mask
        cdef uint64_t* old
        hashed = spread(hashed) | 1
        at = (hashed >> 1) & self.mask
        while self.slots[at]:
            if self.slots[at] == hashed:
                return 0
            at = (at + 1) & self.mask
        self.slots[at] = hashed
        self.count += 1
        if 2 * self.count > <Py_ssize_t>self.mask:
            old, old_mask = self.slots, self.mask
            self.mask = 2 * old_mask + 1
            self.slots = <uint64_t*>calloc(self.mask + 1, sizeof(uint64_t))
            if not self.slots:
                self.slots, self.mask = old, old_mask
                raise MemoryError
            for place in range(old_mask + 1):
                if old[place]:
                    at = (old[place] >> 1) & self.mask
                    while self.slots[at]:
                        at = (at + 1) & self.mask
                    self.slots[at] = old[place]
            free(old)
        return 0


cdef _Set words_of_article(list lines, list filled, list narrative):
    cdef _Set words = _Set()
    cdef Str text
    cdef Py_ssize_t at
    cdef uint64_t hashed
    cdef uint32_t sign
    cdef int index, letters
    for index in filled:
        if not narrative[index]:
            continue
        text = view(lines[index])
        hashed, letters = SEED, 0
        for at in range(text.size):
            sign = char(text, at)
            if is_space(sign):
                if letters > 4:
                    words.add(hashed)
                hashed, letters = SEED, 0
            else:
                hashed = mix(hashed, sign)
                letters += 1
        if letters > 4:
            words.add(hashed)
    return words


def own(
    list lines, list filled, list length, list narrative, str text, list starts, list ends,
    dict endings, dated, Superset likely_dated,
):
    """Return the features of lines by themselves, from `length` to `overlap` but for the words.

    Twin of the first half of `features._own`. Order: length, words, ending, beginning, upper, digits,
    signs, commas, joints, date, link, quote, repeats, overlap.

    Args:
        dated: searches a date in a line.
        likely_dated: lets pass all lines with one.
    """
    cdef Py_ssize_t size = len(filled), at, place, start, end, begin, stop
    cdef Str source = view(text), line
    cdef int index, words, upper, digits, signs, commas, joints, octets, scaled, letters, longer, known
    cdef bint quote, mail, dot, decimal, fresh
    cdef uint32_t sign, behind
    cdef uint64_t hashed
    cdef dict counts = {}
    cdef _Set article = words_of_article(lines, filled, narrative)
    cdef list planes = [PyBytes_FromStringAndSize(NULL, size) for _ in range(14)]
    cdef uint8_t* out[14]
    for at in range(14):
        out[at] = <uint8_t*>PyBytes_AS_STRING(planes[at])
    for at in range(size):
        string = lines[<int>filled[at]]
        counts[string] = <int>counts.get(string, 0) + 1
    for at in range(size):
        index = filled[at]
        string = lines[index]
        line = view(string)
        scaled = length[index]
        out[0][at] = size_byte(scaled)
        commas = joints = words = 0
        quote = mail = dot = decimal = False
        behind = 0
        for place in range(line.size):
            sign = char(line, place)
            if sign == 32:
                words += 1
                if behind == 46:
                    joints |= 4
            elif sign == 44:
                commas += 1
            elif sign == 34:
                quote = True
            elif sign == 46:
                dot = True
            elif sign == 64:
                mail = True
            elif sign == 124:
                joints |= 1
            elif sign == 58:
                if place + 1 < line.size:
                    joints |= 2
            elif not decimal and (48 <= sign <= 57 or (sign > 127 and Py_UNICODE_ISDECIMAL(sign))):
                decimal = True
            behind = sign
        out[1][at] = min(255, words + 1)
        out[2][at] = <int>endings.get(<str>string[line.size - 1], 0)
        out[7][at] = min(255, commas)
        out[8][at] = joints
        out[9][at] = (
            decimal and scaled <= 160 and likely_dated.finds(line) and dated(string) is not None
        )
        out[10][at] = mail or (dot and has_link(line))
        out[11][at] = quote
        out[12][at] = min(255, <int>counts[string])
        start, end = starts[index], ends[index]
        while start < end and is_space(char(source, start)):
            start += 1
        while end > start and is_space(char(source, end - 1)):
            end -= 1
        if end > start and (char(source, end - 1) == 0x2026 or (
            end > start + 1 and char(source, end - 1) == char(source, end - 2) == 46
        )):
            out[2][at] = 1
        # Capitals, digits and signs of the first 400 characters.
        end = min(end, start + 400)
        digits = signs = octets = upper = words = 0
        fresh = True
        for place in range(start, end):
            sign = char(source, place)
            if sign < 128:
                octets += 1
                if 48 <= sign <= 57:
                    digits += 1
                elif 33 <= sign <= 126 and not (65 <= sign <= 90 or 97 <= sign <= 122):
                    signs += 1
            elif 0xD800 <= sign <= 0xDFFF:  # encoded as a question mark
                octets += 1
                signs += 1
            else:
                octets += 2 if sign < 0x800 else 3 if sign < 0x10000 else 4
            if is_space(sign):
                fresh = True
            elif fresh:
                fresh = False
                if words < 12:
                    words += 1
                    upper += Py_UNICODE_ISUPPER(sign)
        octets = octets or 1
        out[3][at] = beginning(char(source, start))
        out[4][at] = 255 * upper // words
        out[5][at] = 255 * digits // octets
        out[6][at] = 255 * signs // octets
        # How many of its longer words, among the first 16, the article's paragraphs hold too.
        longer = known = words = letters = 0
        hashed = SEED
        for place in range(line.size + 1):
            sign = char(line, place) if place < line.size else 32
            if not is_space(sign):
                hashed = mix(hashed, sign)
                letters += 1
            elif letters:
                words += 1
                if letters > 4:
                    longer += 1
                    known += article.has(hashed)
                if words == 16:
                    break
                hashed, letters = SEED, 0
        out[13][at] = 255 * known // longer if longer else 128
    return planes


cdef inline int odds_byte(double value) noexcept:
    return to_byte(128.5 + 8 * value)


def weights(list told, odds):
    """Return the features `lexical`, `known` and `odds` of lines."""
    cdef Py_ssize_t size = len(told), at
    cdef bytes lexical = PyBytes_FromStringAndSize(NULL, size)
    cdef bytes known = PyBytes_FromStringAndSize(NULL, size)
    cdef bytes ruled = PyBytes_FromStringAndSize(NULL, size)
    cdef uint8_t* first = <uint8_t*>PyBytes_AS_STRING(lexical)
    cdef uint8_t* second = <uint8_t*>PyBytes_AS_STRING(known)
    cdef uint8_t* third = <uint8_t*>PyBytes_AS_STRING(ruled)
    cdef double weight, share
    for at in range(size):
        weight, share = <tuple>told[at]
        first[at], second[at], third[at] = odds_byte(weight), to_byte(255 * share), odds_byte(odds[at])
    return lexical, known, ruled


cdef void since(bint* marks, Py_ssize_t size, uint8_t* out, bint backwards) noexcept:
    """Twin of `features._since`; `backwards` counts to the next mark."""
    cdef int far = 40
    cdef Py_ssize_t step, at
    for step in range(size):
        at = size - 1 - step if backwards else step
        out[at] = far
        far = 1 if marks[at] else far + (far < 40)


cdef void near(double* values, Py_ssize_t size, double scale, double* sums, uint8_t* out) noexcept:
    """Twin of `features._near`; `sums` has room for size + 1 values."""
    cdef Py_ssize_t at, low, high
    sums[0] = 0.0
    for at in range(size):
        sums[at + 1] = sums[at] + values[at]
    for at in range(size):
        low, high = max(0, at - 5), min(size, at + 6)
        out[at] = to_byte(128 + scale * (sums[high] - sums[low]) / (high - low))


def place(list filled, list length, list narrative, odds, bytes lexical, bytes headings,
          first, last, int marked):
    """Return the features of lines by their place; twin of `features._place`, same order."""
    cdef Py_ssize_t size = len(filled), at, end, inside, total = 0, seen = 0, prose_total = 0
    cdef Py_ssize_t letters, shorts = 0, places = 24
    cdef list planes = [PyBytes_FromStringAndSize(NULL, size) for _ in range(places)]
    cdef uint8_t* out[24]
    cdef double* values = <double*>malloc(2 * (size + 1) * sizeof(double))
    cdef double* sums = values + size + 1
    cdef bint* marks = <bint*>malloc((size + 1) * sizeof(bint))
    cdef Py_ssize_t* sizes = <Py_ssize_t*>malloc((size + 1) * sizeof(Py_ssize_t))
    cdef uint8_t* words = <uint8_t*>PyBytes_AS_STRING(lexical)
    cdef uint8_t* heads = <uint8_t*>PyBytes_AS_STRING(headings)
    cdef double value, mean
    cdef int index, first_at = -1 if first is None else first, last_at = -1 if last is None else last
    cdef int constants[6]
    cdef Py_ssize_t lexical_sum = 0
    if not values or not marks or not sizes:
        free(values); free(marks); free(sizes)
        raise MemoryError
    try:
        for at in range(places):
            out[at] = <uint8_t*>PyBytes_AS_STRING(planes[at])
        for at in range(size):
            index = filled[at]
            sizes[at] = length[index]
            total += sizes[at]
            marks[at] = narrative[index]
            if marks[at]:
                prose_total += sizes[at]
            shorts += sizes[at] <= 100
            lexical_sum += <int>words[at] - 128
        total = total or 1
        since(marks, size, out[4], False)
        since(marks, size, out[5], True)
        for at in range(size):
            index = filled[at]
            out[0][at] = 255 * at // size
            out[1][at] = min(at, 40)
            out[2][at] = min(size - 1 - at, 40)
            out[3][at] = 3 if first_at < 0 else 0 if index < first_at else 1 if index <= last_at else 2
            out[6][at] = 255 * seen // total
            seen += sizes[at]
        at = 0
        while at < size:
            end, letters = at, 0
            while end < size and sizes[end] <= 100:
                letters += sizes[end]
                end += 1
            if end == at:
                out[7][at] = out[8][at] = out[9][at] = 0
                at += 1
                continue
            for inside in range(at, end):
                out[7][inside] = min(end - at, 255)
                out[8][inside] = min(inside - at, 255)
                out[9][inside] = size_byte(min(2999, letters // (end - at)))
            at = end
        for at in range(size):
            marks[at] = heads[at] == 2
        since(marks, size, out[10], False)
        for at in range(size):
            marks[at] = heads[at] == 3
        since(marks, size, out[11], False)
        for at in range(size):
            value = odds[at]
            marks[at] = value > 2
            values[at] = 8.0 if value > 8 else -8.0 if value < -8 else value
        since(marks, size, out[12], False)
        since(marks, size, out[13], True)
        near(values, size, 16.0, sums, out[14])
        for at in range(size):
            values[at] = <double>(<int>words[at] - 128)
        near(values, size, 2.0, sums, out[15])
        mean = values[0]
        for at in range(size):
            if at:
                mean = 0.75 * mean + 0.25 * values[at]
            out[16][at] = to_byte(128 + mean)
        mean = values[size - 1]
        for at in range(size - 1, -1, -1):
            if at < size - 1:
                mean = 0.75 * mean + 0.25 * values[at]
            out[17][at] = to_byte(128 + mean)
        constants[0] = size_byte(min(size, 2999))
        constants[1] = <int>(255 * shorts // size)
        constants[2] = <int>(255 * prose_total // total)
        constants[3] = size_byte(min(total // size, 2999))
        constants[4] = <int>(255 * min(size, marked) // size)
        constants[5] = to_byte(128 + lexical_sum / <double>size * 2)
        for at in range(6):
            memset(out[18 + at], constants[at], size)
    finally:
        free(values)
        free(marks)
        free(sizes)
    return planes


def means(bytes plane, tuple windows, int empty):
    """Return means of a feature over windows; twin of `features._means`."""
    cdef Py_ssize_t size = len(plane), at, first, last
    cdef uint8_t* values = <uint8_t*>PyBytes_AS_STRING(plane)
    cdef uint8_t* out
    cdef int low, high
    cdef bytes made
    cdef list planes = []
    cdef uint64_t* sums = <uint64_t*>malloc((size + 1) * sizeof(uint64_t))
    if not sums:
        raise MemoryError
    try:
        sums[0] = 0
        for at in range(size):
            sums[at + 1] = sums[at] + values[at]
        for low, high in windows:
            made = PyBytes_FromStringAndSize(NULL, size)
            out = <uint8_t*>PyBytes_AS_STRING(made)
            for at in range(size):
                first, last = max(0, at + low), min(size, at + high)
                out[at] = (sums[last] - sums[first]) // <uint64_t>(last - first) if last > first else empty
            planes.append(made)
    finally:
        free(sums)
    return planes


def average(bytes plane, const long long[:] weights, int empty):
    """Return the weighted mean of a feature, rounded down; twin of `features._average`."""
    cdef Py_ssize_t at
    cdef long long total = 0, told = 0
    cdef uint8_t* values = <uint8_t*>PyBytes_AS_STRING(plane)
    for at in range(len(plane)):
        total += weights[at]
        told += values[at] * weights[at]
    return told // total if total else empty


# Trees


cdef class Trees:
    """Oblivious trees over bytes; twin of `Scorer._scores`.

    Args:
        trees: for each its splits (feature, border) and its leaves.
    """

    cdef int _count
    cdef uint16_t* _features
    cdef uint8_t* _borders
    cdef uint8_t* _leaves
    cdef int* _depths

    def __cinit__(self, trees):
        cdef int at = 0, bit
        self._count = len(trees)
        self._features = <uint16_t*>calloc(self._count * 8 + 1, sizeof(uint16_t))
        self._borders = <uint8_t*>calloc(self._count * 8 + 1, 1)
        self._leaves = <uint8_t*>calloc(self._count * 256 + 1, 1)
        self._depths = <int*>calloc(self._count + 1, sizeof(int))
        if not self._features or not self._borders or not self._leaves or not self._depths:
            raise MemoryError
        for splits, leaves in trees:
            self._depths[at] = len(splits)
            for bit, (feature, border) in enumerate(splits):
                self._features[at * 8 + bit] = feature
                self._borders[at * 8 + bit] = border
            for bit, leaf in enumerate(leaves):
                self._leaves[at * 256 + bit] = leaf
            at += 1

    def __dealloc__(self):
        free(self._features)
        free(self._borders)
        free(self._leaves)
        free(self._depths)

    def sums(self, list planes):
        """Return the sum of the leaves of each line."""
        cdef Py_ssize_t size = len(planes[0]), at
        cdef int tree, bit
        cdef uint8_t* plane
        cdef uint8_t border, mask
        cdef uint8_t* bits = <uint8_t*>malloc(size + 1)
        cdef uint32_t* totals = <uint32_t*>calloc(size + 1, sizeof(uint32_t))
        cdef uint8_t* leaves
        if not bits or not totals:
            free(bits)
            free(totals)
            raise MemoryError
        try:
            for tree in range(self._count):
                memset(bits, 0, size)
                for bit in range(self._depths[tree]):
                    plane = <uint8_t*>PyBytes_AS_STRING(planes[self._features[tree * 8 + bit]])
                    border = self._borders[tree * 8 + bit]
                    mask = <uint8_t>(1 << bit)
                    for at in range(size):
                        bits[at] |= mask if plane[at] > border else 0
                leaves = self._leaves + tree * 256
                for at in range(size):
                    totals[at] += leaves[bits[at]]
            return [totals[at] for at in range(size)]
        finally:
            free(bits)
            free(totals)


cdef class Forest:
    """Trees over the columns of a row; twin of the function of `html.model.written_out`.

    Args:
        trees: nested ``[column, threshold, tree if <=, tree if >]``; a leaf is a number.
    """

    cdef int32_t* _columns  # of each node; -1 for a leaf
    cdef double* _values  # its threshold, or what the leaf says
    cdef int32_t* _above  # the node if above; the one if not is the next
    cdef int32_t* _roots
    cdef int32_t _count, _widest

    def __cinit__(self, list trees):
        cdef Py_ssize_t size = sum(map(nodes, trees)), at
        self._columns = <int32_t*>calloc(size + 1, sizeof(int32_t))
        self._values = <double*>calloc(size + 1, sizeof(double))
        self._above = <int32_t*>calloc(size + 1, sizeof(int32_t))
        self._roots = <int32_t*>calloc(len(trees) + 1, sizeof(int32_t))
        if not self._columns or not self._values or not self._above or not self._roots:
            raise MemoryError
        size = 0
        for at in range(len(trees)):
            self._roots[at] = <int32_t>size
            size = self._enter(trees[at], size)
        self._count = <int32_t>len(trees)

    def __dealloc__(self):
        free(self._columns)
        free(self._values)
        free(self._above)
        free(self._roots)

    cdef Py_ssize_t _enter(self, object node, Py_ssize_t at) except -1:
        cdef Py_ssize_t after
        if not isinstance(node, list):
            self._columns[at] = -1
            self._values[at] = float(node)
            return at + 1
        column, threshold, below, above = node
        self._columns[at] = int(column)
        if self._columns[at] < 0:
            raise ValueError("a column is counted from 0")
        self._widest = max(self._widest, self._columns[at])
        self._values[at] = float(threshold)
        after = self._enter(below, at + 1)
        self._above[at] = <int32_t>after
        return self._enter(above, after)

    def __call__(self, list row):
        """Return the sum of what the trees say of a row."""
        cdef Py_ssize_t size = len(row), at
        cdef int32_t tree, node
        cdef double total = 0.0
        if size <= self._widest:
            raise IndexError("a row is shorter than the trees ask")
        cdef double* values = <double*>malloc(size * sizeof(double) + 1)
        if not values:
            raise MemoryError
        try:
            for at in range(size):
                values[at] = row[at]
            for tree in range(self._count):
                node = self._roots[tree]
                while self._columns[node] >= 0:
                    node = node + 1 if values[self._columns[node]] <= self._values[node] else self._above[node]
                total += self._values[node]
            return total
        finally:
            free(values)


def nodes(tree):
    if not isinstance(tree, list):
        return 1
    _, _, below, above = tree
    return 1 + nodes(below) + nodes(above)


# The chain


def smooth(list odds, list parts, double ratio):
    """Return the log-odds after forward and backward; twin of the loops of `chain.chain`."""
    cdef Py_ssize_t size = len(odds), at, low, high
    cdef double enter, leave, stay, out, odd, coming, back = 1.0
    cdef double* ahead = <double*>malloc(2 * (size + 1) * sizeof(double))
    cdef double* local = ahead + size + 1
    if not ahead:
        raise MemoryError
    try:
        for at in range(size):
            local[at] = odds[at]
        for (enter, leave), low, high in parts:
            stay, out = 1 - leave, 1 - enter
            for at in range(low, high):
                if at:
                    ratio = (ratio * stay + enter) / (ratio * leave + out)
                ratio *= local[at]
                ahead[at] = ratio
        for (enter, leave), low, high in reversed(parts):
            stay, out = 1 - leave, 1 - enter
            for at in range(high - 1, low - 1, -1):
                ahead[at] *= back
                coming = local[at] * back
                back = (stay * coming + leave) / (enter * coming + out)
        return [log(ahead[at]) for at in range(size)]
    finally:
        free(ahead)


# Automata


DEF ANYTHING = 0  # transitions: not known yet, found, nothing to come; then states
DEF FOUND = 1
DEF NOTHING = 2
DEF FIRST = 3
DEF STATES = 1000  # an automaton with so many begins anew
DEF SET = 0  # instructions and assertions of `supersets`
DEF SPLIT = 1
DEF JUMP = 2
DEF ASSERT = 3
DEF BEGIN = 0
DEF END = 1
DEF BOUNDARY = 2
DEF KINDS = 5
DEF CLASS_BITS = 11
DEF MOST_CLASSES = 2047


cdef inline int kind_of(uint32_t sign) noexcept:
    """Return 0 for signs, 1 for other parts of words, 2 for digits, 3 for letters, 4 for spaces."""
    if sign < 128:
        if 97 <= sign <= 122 or 65 <= sign <= 90:
            return 3
        if 48 <= sign <= 57:
            return 2
        return 4 if is_space(sign) else sign == 95
    if Py_UNICODE_ISALPHA(sign):
        return 3
    if Py_UNICODE_ISDECIMAL(sign):
        return 2
    if Py_UNICODE_ISALNUM(sign):
        return 1
    return 4 if Py_UNICODE_ISSPACE(sign) else 0


cdef int BITS[KINDS]  # the same as the bits of `supersets`
BITS[0], BITS[1], BITS[2], BITS[3], BITS[4] = 0, 1, 1 | 2, 1 | 8, 4


# Places of a program that wait, that come next, and when each was entered; for all, one at a time.
cdef int32_t* STACK = NULL
cdef int32_t* FRESH = NULL
cdef uint32_t* SEEN = NULL
cdef int32_t _room = 0
cdef uint32_t _turn = 0


cdef bint make_room(int32_t size) noexcept:
    global STACK, FRESH, SEEN, _room
    if size <= _room:
        return True
    size += size >> 1
    cdef void* stack = realloc(STACK, size * sizeof(int32_t))
    if stack:
        STACK = <int32_t*>stack
    cdef void* fresh = realloc(FRESH, size * sizeof(int32_t))
    if fresh:
        FRESH = <int32_t*>fresh
    cdef void* seen = realloc(SEEN, size * sizeof(uint32_t))
    if seen:
        SEEN = <uint32_t*>seen
    if not (stack and fresh and seen):
        return False
    memset(SEEN + _room, 0, (size - _room) * sizeof(uint32_t))
    _room = size
    return True


cdef int32_t begin_turn() noexcept:
    global _turn
    _turn += 1
    if not _turn:  # once in four billion
        memset(SEEN, 0, _room * sizeof(uint32_t))
        _turn = 1
    return 0


cdef inline int32_t enter(int32_t at, int32_t waiting) noexcept:
    """Let a place wait, once a turn; return how many do."""
    if SEEN[at] != _turn:
        SEEN[at] = _turn
        STACK[waiting] = at
        waiting += 1
    return waiting


cdef class Superset:
    """Tells whether a program of `supersets` finds something in a line; its states are made when met.

    Characters that no set tells apart are one class. A state is the set of places in the program
    that may come next, and whether a word, a sign or nothing stands behind (Thompson, 1968; with
    states made lazily as in Cox, 2010).
    """

    cdef int32_t* _code  # three numbers an instruction
    cdef int32_t _size
    cdef uint32_t* _bounds  # where a run of characters begins that sets treat alike but for kinds
    cdef int32_t _runs
    cdef uint16_t* _classes  # by run and kind
    cdef uint8_t* _members  # by class and set
    cdef uint8_t* _wordly  # by class
    cdef int32_t _sets, _stride
    cdef uint16_t _ascii[128]
    cdef uint32_t _known[256]  # characters met and their class
    cdef uint16_t* _next
    cdef uint8_t* _last  # by state whether its end finds: ANYTHING, FOUND, NOTHING
    cdef uint8_t* _behind
    cdef int32_t* _places  # those of all states
    cdef int32_t* _begins  # where those of each state begin
    cdef int32_t _count, _room, _place_room
    cdef int32_t* _table  # states by hash, one more than their number; 0 for none
    cdef uint32_t* _hashes
    cdef bint _anchored

    def __cinit__(self, list code, list sets):
        cdef int32_t at, number, run, kind, low, high
        cdef uint32_t sign
        cdef list cuts = sorted({0}.union(*(
            (first, last + 1) for ranges, _, _ in sets for first, last in ranges
        )))
        self._size, self._sets, self._runs = <int32_t>len(code), <int32_t>len(sets), <int32_t>len(cuts)
        self._code = <int32_t*>calloc(3 * self._size, sizeof(int32_t))
        self._bounds = <uint32_t*>calloc(self._runs + 1, sizeof(uint32_t))
        self._classes = <uint16_t*>calloc(self._runs * KINDS, sizeof(uint16_t))
        if not (self._code and self._bounds and self._classes and make_room(self._size + 1)):
            raise MemoryError
        for at in range(self._size):
            self._code[3 * at], self._code[3 * at + 1], self._code[3 * at + 2] = code[at]
        cdef dict classes = {}, places = {cut: at for at, cut in enumerate(cuts)}
        cdef bytearray holds = bytearray(self._runs * KINDS * self._sets)
        cdef bytearray insides = bytearray(self._runs)
        cdef uint8_t* hold = holds
        cdef uint8_t* inside = insides
        cdef int kinds
        cdef bint negated, held
        for run in range(self._runs):
            self._bounds[run] = cuts[run]
        for number in range(self._sets):
            ranges, kinds, negated = sets[number]
            memset(inside, 0, self._runs)
            for first, last in ranges:
                for run in range(places[first], places[last + 1]):
                    inside[run] = 1
            for run in range(self._runs):
                for kind in range(KINDS):
                    held = inside[run] or kinds & BITS[kind] or kinds >> 4 & ~BITS[kind] & 15
                    hold[(run * KINDS + kind) * self._sets + number] = negated != held
        for run in range(self._runs):
            low, high = 0, KINDS
            if run + 1 < self._runs and self._bounds[run + 1] == self._bounds[run] + 1:
                low = kind_of(self._bounds[run])
                high = low + 1
            for kind in range(low, high):
                at = (run * KINDS + kind) * self._sets
                alike = (bytes(holds[at : at + self._sets]), 1 <= kind <= 3)
                at = classes.setdefault(alike, len(classes))
                self._classes[run * KINDS + kind] = <uint16_t>at
        if len(classes) > MOST_CLASSES:
            raise OverflowError("a pattern tells too many characters apart")
        self._stride = <int32_t>len(classes)
        self._members = <uint8_t*>calloc(self._stride * self._sets + 1, 1)
        self._wordly = <uint8_t*>calloc(self._stride, 1)
        if not (self._members and self._wordly):
            raise MemoryError
        for (alike, word), at in classes.items():
            self._wordly[at] = word
            for number in range(self._sets):
                self._members[at * self._sets + number] = (<bytes>alike)[number]
        for sign in range(128):
            self._ascii[sign] = self._class(sign)
        for at in range(256):
            self._known[at] = 0
        self._anchored = not self._opens()
        self._reset()

    def __dealloc__(self):
        free(self._code)
        free(self._bounds)
        free(self._classes)
        free(self._members)
        free(self._wordly)
        free(self._next)
        free(self._last)
        free(self._behind)
        free(self._places)
        free(self._begins)
        free(self._table)
        free(self._hashes)

    cdef void _reset(self) noexcept:
        """Forget all states."""
        self._count = 0
        if self._table:
            memset(self._table, 0, 4 * self._room * sizeof(int32_t))

    cdef uint16_t _class(self, uint32_t sign) noexcept:
        cdef int32_t low = 0, high = self._runs, middle
        while high - low > 1:
            middle = (low + high) >> 1
            if self._bounds[middle] <= sign:
                low = middle
            else:
                high = middle
        return self._classes[low * KINDS + kind_of(sign)]

    cdef bint _opens(self) noexcept:
        """Tell whether something can be found that does not begin where the line does."""
        cdef int32_t waiting = enter(0, begin_turn()), at
        while waiting:
            waiting -= 1
            at = STACK[waiting]
            if self._code[3 * at] == SPLIT:
                waiting = enter(self._code[3 * at + 2], enter(self._code[3 * at + 1], waiting))
            elif self._code[3 * at] == JUMP:
                waiting = enter(self._code[3 * at + 1], waiting)
            elif self._code[3 * at] == ASSERT:
                if self._code[3 * at + 1] != BEGIN:
                    waiting = enter(at + 1, waiting)
            else:
                return True
        return False

    cdef int32_t _state(self, int32_t size, uint8_t behind) noexcept:
        """Return the state of the first of the fresh places, or -1: no memory."""
        cdef int32_t at, place, other, begin
        cdef uint32_t hashed = behind
        for at in range(1, size):  # in order: few, and nearly so
            place, other = FRESH[at], at
            while other and FRESH[other - 1] > place:
                FRESH[other] = FRESH[other - 1]
                other -= 1
            FRESH[other] = place
        for at in range(size):
            hashed = (hashed ^ <uint32_t>FRESH[at]) * <uint32_t>0x9E3779B1
            hashed ^= hashed >> 15
        if self._room:
            at = <int32_t>(hashed % <uint32_t>(4 * self._room))
            while self._table[at]:
                other = self._table[at] - 1
                begin = self._begins[other]
                if (self._hashes[other] == hashed and self._behind[other] == behind
                        and self._begins[other + 1] - begin == size):
                    place = 0
                    while place < size and self._places[begin + place] == FRESH[place]:
                        place += 1
                    if place == size:
                        return other
                at += 1
                if at == 4 * self._room:
                    at = 0
        begin = self._begins[self._count] if self._count else 0
        if self._count == self._room and not self._grow():
            return -1
        if begin + size > self._place_room:
            other = 2 * (begin + size) + 16
            grown = realloc(self._places, other * sizeof(int32_t))
            if not grown:
                return -1
            self._places, self._place_room = <int32_t*>grown, other
        for place in range(size):
            self._places[begin + place] = FRESH[place]
        self._begins[self._count], self._begins[self._count + 1] = begin, begin + size
        self._behind[self._count], self._last[self._count] = behind, ANYTHING
        self._hashes[self._count] = hashed
        memset(self._next + self._count * self._stride, 0, self._stride * sizeof(uint16_t))
        self._put(self._count)
        self._count += 1
        return self._count - 1

    cdef void _put(self, int32_t state) noexcept:
        cdef int32_t at = <int32_t>(self._hashes[state] % <uint32_t>(4 * self._room))
        while self._table[at]:
            at += 1
            if at == 4 * self._room:
                at = 0
        self._table[at] = state + 1

    cdef bint _grow(self) noexcept:
        cdef int32_t room = max(4, 2 * self._room), state
        cdef void* grown = realloc(self._next, <size_t>room * self._stride * sizeof(uint16_t))
        if grown:
            self._next = <uint16_t*>grown
            grown = realloc(self._last, room)
        if grown:
            self._last = <uint8_t*>grown
            grown = realloc(self._behind, room)
        if grown:
            self._behind = <uint8_t*>grown
            grown = realloc(self._begins, (room + 1) * sizeof(int32_t))
        if grown:
            self._begins = <int32_t*>grown
            grown = realloc(self._hashes, room * sizeof(uint32_t))
        if grown:
            self._hashes = <uint32_t*>grown
            grown = calloc(4 * room, sizeof(int32_t))
        if not grown:
            return False
        free(self._table)
        self._table, self._room = <int32_t*>grown, room
        for state in range(self._count):
            self._put(state)
        return True

    cdef uint16_t _step(self, int32_t state, int32_t chars) noexcept:
        """Return what comes of a state and a class of characters; -1 is the end of the line."""
        cdef int32_t at, place, waiting = begin_turn(), size = 0
        cdef int behind = self._behind[state]  # 0: nothing, 1: a sign, 2: a word
        cdef bint ahead = chars >= 0 and self._wordly[chars], held
        for at in range(self._begins[state], self._begins[state + 1]):
            waiting = enter(self._places[at], waiting)
        if not behind or not self._anchored:
            waiting = enter(0, waiting)
        while waiting:
            waiting -= 1
            at = STACK[waiting]
            if self._code[3 * at] == SET:
                if chars >= 0 and self._members[chars * self._sets + self._code[3 * at + 1]]:
                    FRESH[size] = at + 1
                    size += 1
            elif self._code[3 * at] == SPLIT:
                waiting = enter(self._code[3 * at + 2], enter(self._code[3 * at + 1], waiting))
            elif self._code[3 * at] == JUMP:
                waiting = enter(self._code[3 * at + 1], waiting)
            elif self._code[3 * at] == ASSERT:
                place = self._code[3 * at + 1]
                if place == BEGIN:
                    held = behind == 0
                elif place == END:
                    held = chars < 0
                else:
                    held = ((behind == 2) != ahead) == (place == BOUNDARY)
                if held:
                    waiting = enter(at + 1, waiting)
            else:
                return FOUND
        if chars < 0 or (not size and self._anchored):
            return NOTHING
        at = self._state(size, 2 if ahead else 1)
        return FOUND if at < 0 else <uint16_t>(at + FIRST)

    cdef bint finds(self, Str text) noexcept:
        """Tell whether a line may have what the pattern looks for."""
        cdef Py_ssize_t at
        cdef int32_t state, slot
        cdef uint16_t after
        cdef uint32_t sign, known
        cdef uint32_t chars
        if self._count > STATES:
            self._reset()
        state = self._state(0, 0)
        if state < 0:
            return True
        for at in range(text.size):
            sign = char(text, at)
            if sign < 128:
                chars = self._ascii[sign]
            else:
                known = self._known[sign & 255]
                if known >> CLASS_BITS == sign:
                    chars = known & MOST_CLASSES
                else:
                    chars = self._class(sign)
                    self._known[sign & 255] = sign << CLASS_BITS | chars
            slot = state * self._stride + chars
            after = self._next[slot]
            if after == ANYTHING:
                if self._count >= 2 * STATES:
                    return True  # a line that makes so many: `re` shall say
                after = self._step(state, chars)
                self._next[slot] = after
            if after == FOUND:
                return True
            if after == NOTHING:
                return False
            state = after - FIRST
        if self._last[state] == ANYTHING:
            self._last[state] = <uint8_t>self._step(state, -1)
        return self._last[state] == FOUND

    def __call__(self, str line):
        return self.finds(view(line))


# Needles


DEF WINDOWS = 3
DEF SHORT = 3  # needles are told by so many of their first characters: 1, SHORT or LONG
DEF LONG = 6
cdef int WIDTHS[WINDOWS]
WIDTHS[0], WIDTHS[1], WIDTHS[2] = 1, SHORT, LONG
DEF FACTOR = 0x9E3779B1
cdef uint32_t SHORT_LEAVES = 1, LONG_LEAVES = 1  # what the first character of a window counts
for _size in range(SHORT - 1):
    SHORT_LEAVES = SHORT_LEAVES * <uint32_t>FACTOR
for _size in range(LONG - 1):
    LONG_LEAVES = LONG_LEAVES * <uint32_t>FACTOR

DEF MOST_CHARS = 4000  # `lexical.PATTERN_CHARS`

cdef struct Hit:
    int32_t start
    int32_t end
    int32_t needle

cdef struct Hits:
    Hit* all
    Py_ssize_t count
    Py_ssize_t room
    uint32_t* signs  # of the line, a break before it and more behind
    Py_ssize_t most_signs
    int32_t* said  # by rule the last line tested, from 1; below zero: in vain


cdef uint8_t* BOUNDED = <uint8_t*>calloc(0x110000, 1)  # 0: not asked yet, 1: no, 2: yes
cdef object ask_bounded = None


cdef inline bint bounded(uint32_t sign):
    """Tell whether a character is of a script that sets words apart; twin of `lexical._bounded`."""
    cdef uint8_t known
    if sign < 128:
        return 48 <= sign <= 57 or 97 <= sign <= 122 or 65 <= sign <= 90
    known = BOUNDED[sign]
    if not known:
        known = 2 if Py_UNICODE_ISALNUM(sign) and (sign < 0xE00 or ask_bounded(chr(sign))) else 1
        BOUNDED[sign] = known
    return known == 2


cdef inline uint32_t roll(uint32_t seen, uint32_t sign) noexcept:
    """Add a character to the hash of those before it."""
    return seen * <uint32_t>FACTOR + sign + 1


cdef inline uint32_t scatter(uint32_t hashed, int window) noexcept:
    hashed = (hashed + <uint32_t>window) * <uint32_t>0x85EBCA77
    return hashed ^ hashed >> 15



cdef class Scanner:
    """Finds strings in the lines of a page, and who wants them; twin of `lexical._Automaton.scan`.

    The first characters of the needles are hashed, one table for all (Karp and Rabin, 1987).

    Args:
        wanted: by string, who wants it: rule, phrase, whether a word must begin and end there, the
            longest line in which it may, and the group of rules near which it must stand or zero; a
            line break stands for the start or the end of one.
        is_bounded: `lexical._bounded`, for characters from U+0E00.
    """

    cdef uint32_t* _signs  # of all needles
    cdef int32_t* _begins  # where those of each begin
    cdef int32_t* _table  # needles by hash, one more than their number; 0 for none
    cdef int32_t* _next  # the next needle of the same hash
    cdef uint8_t* _filter  # two bits for each hash: needles that stand anywhere, and at a word's start
    cdef uint32_t* _hashes  # of the first characters of each
    cdef uint32_t _mask, _filter_mask
    cdef uint8_t _singly[256]  # first characters, mod 256, of needles that are told by it alone
    cdef int32_t* _first
    cdef int32_t* _numbers
    cdef uint8_t* _flags
    cdef int64_t* _longest
    cdef int32_t* _groups
    cdef int32_t _rules  # one more than the highest number of a rule
    cdef uint8_t* _bounds  # for each needle whether all want a word to begin and to end there
    cdef int64_t* _limits  # for each the longest line in which anybody wants it
    cdef list _phrases

    def __cinit__(self, dict wanted, is_bounded):
        global ask_bounded
        ask_bounded = is_bounded
        cdef Py_ssize_t at, place, count = len(wanted), total = sum(map(len, wanted.values()))
        cdef Py_ssize_t signs = sum(map(len, wanted))
        cdef uint8_t ends
        cdef bint left, right
        cdef int64_t longest, most
        cdef Str text
        cdef uint32_t size = 16, hashed
        cdef int window
        while size < 2 * count:
            size *= 2
        self._mask, self._filter_mask = size - 1, 16 * size - 1
        self._signs = <uint32_t*>calloc(signs + 1, sizeof(uint32_t))
        self._begins = <int32_t*>calloc(count + 1, sizeof(int32_t))
        self._table = <int32_t*>calloc(size, sizeof(int32_t))
        self._next = <int32_t*>calloc(count + 1, sizeof(int32_t))
        self._filter = <uint8_t*>calloc(4 * size, 1)
        self._hashes = <uint32_t*>calloc(count + 1, sizeof(uint32_t))
        memset(self._singly, 0, sizeof(self._singly))
        self._first = <int32_t*>calloc(count + 1, sizeof(int32_t))
        self._numbers = <int32_t*>calloc(total + 1, sizeof(int32_t))
        self._flags = <uint8_t*>calloc(total + 1, 1)
        self._longest = <int64_t*>calloc(total + 1, sizeof(int64_t))
        self._groups = <int32_t*>calloc(total + 1, sizeof(int32_t))
        self._bounds = <uint8_t*>calloc(count + 1, 1)
        self._limits = <int64_t*>calloc(count + 1, sizeof(int64_t))
        if not (self._signs and self._begins and self._table and self._next and self._filter and self._hashes
                and self._first and self._numbers and self._flags and self._longest and self._groups
                and self._bounds and self._limits and BOUNDED):
            raise MemoryError
        self._phrases = []
        total = signs = 0
        for at, (needle, each) in enumerate(wanted.items()):
            self._first[at] = <int32_t>total
            ends, most = 3, 0
            for number, phrase, left, right, longest, group in each:
                ends &= left + 2 * right
                most = max(most, longest)
                self._numbers[total] = number
                self._rules = max(self._rules, self._numbers[total] + 1)
                self._flags[total] = left + 2 * right + 4 * (phrase == "|")
                self._longest[total] = longest
                self._groups[total] = group
                self._phrases.append(phrase)
                total += 1
            self._bounds[at], self._limits[at] = ends, most
            text = view(needle)
            window = WINDOWS - 1
            while WIDTHS[window] > text.size:
                window -= 1
            hashed = 0
            self._begins[at] = <int32_t>signs
            for place in range(text.size):
                self._signs[signs] = char(text, place)
                signs += 1
                if place < WIDTHS[window]:
                    hashed = roll(hashed, char(text, place))
            if window == 0:
                self._singly[char(text, 0) & 255] = 1
            hashed = scatter(hashed, window)
            self._hashes[at] = hashed
            self._filter[(hashed & self._filter_mask) >> 2] |= <uint8_t>(
                (2 if ends & 1 else 1) << (2 * (hashed & 3))
            )
            self._next[at] = self._table[hashed & self._mask]
            self._table[hashed & self._mask] = <int32_t>at + 1
        self._first[count] = <int32_t>total
        self._begins[count] = <int32_t>signs

    def __dealloc__(self):
        free(self._signs)
        free(self._begins)
        free(self._table)
        free(self._next)
        free(self._filter)
        free(self._hashes)
        free(self._first)
        free(self._numbers)
        free(self._flags)
        free(self._longest)
        free(self._groups)
        free(self._bounds)
        free(self._limits)

    cdef int _find(self, Str text, int64_t size, Hits* hits) except -1:
        """Note what stands in a text; `size` is that of its line."""
        cdef Py_ssize_t at
        cdef uint32_t* signs
        cdef uint32_t first, short_seen = 0, long_seen = 0
        cdef bint behind = False
        cdef int wanted
        if text.size + LONG + 2 > hits.most_signs:
            at = text.size + LONG + 2 + min(text.size, 4096)
            grown = realloc(hits.signs, at * sizeof(uint32_t))
            if not grown:
                raise MemoryError
            hits.signs, hits.most_signs = <uint32_t*>grown, at
        signs = hits.signs
        signs[0] = 10
        for at in range(text.size):
            signs[at + 1] = char(text, at)
        for at in range(text.size + 1, text.size + LONG + 1):
            signs[at] = 10
        hits.count = 0
        for at in range(LONG - 1):  # the windows before the first place
            if at < SHORT - 1:
                short_seen = roll(short_seen, signs[at])
            long_seen = roll(long_seen, signs[at])
        for at in range(text.size + 1):
            first = signs[at]
            short_seen = roll(short_seen, signs[at + SHORT - 1])
            long_seen = roll(long_seen, signs[at + LONG - 1])
            wanted = 1 if behind else 3
            self._try(text, at, scatter(long_seen, 2), wanted, size, hits)
            self._try(text, at, scatter(short_seen, 1), wanted, size, hits)
            if self._singly[first & 255]:
                self._try(text, at, scatter(roll(0, first), 0), wanted, size, hits)
            short_seen -= (first + 1) * SHORT_LEAVES
            long_seen -= (first + 1) * LONG_LEAVES
            behind = bounded(first)
        return 0

    cdef inline int _try(self, Str text, Py_ssize_t at, uint32_t hashed, int wanted, int64_t size,
                         Hits* hits) except -1:
        if self._filter[(hashed & self._filter_mask) >> 2] >> (2 * (hashed & 3)) & wanted:
            return self._compare(text, at, hashed, wanted, size, hits)
        return 0

    cdef int _compare(self, Str text, Py_ssize_t start, uint32_t hashed, int wanted, int64_t size,
                      Hits* hits) except -1:
        """Note the needles of a hash that stand at a place; zero is the break before the line."""
        cdef int32_t needle = self._table[hashed & self._mask]
        cdef Py_ssize_t at, end, place
        cdef int32_t sign
        while needle:
            needle -= 1
            if self._hashes[needle] == hashed and (wanted & 2 or not self._bounds[needle] & 1):
                at, sign = start, self._begins[needle]
                end = start + self._begins[needle + 1] - sign
                if end <= text.size + 2 and size <= self._limits[needle]:
                    while at < end and self._signs[sign] == hits.signs[at]:
                        at += 1
                        sign += 1
                    if at == end and not (self._bounds[needle] & 2 and bounded(hits.signs[at])):
                        if hits.count == hits.room:
                            grown = realloc(hits.all, (2 * hits.room + 64) * sizeof(Hit))
                            if not grown:
                                raise MemoryError
                            hits.all, hits.room = <Hit*>grown, 2 * hits.room + 64
                        # In order of their ends, then of their starts.
                        place = hits.count
                        while place and (
                            hits.all[place - 1].end > end - 1
                            or (hits.all[place - 1].end == end - 1
                                and hits.all[place - 1].start > start - 1)
                        ):
                            hits.all[place] = hits.all[place - 1]
                            place -= 1
                        hits.all[place].start, hits.all[place].end = <int32_t>start - 1, <int32_t>end - 1
                        hits.all[place].needle = needle
                        hits.count += 1
            needle = self._next[needle]
        return 0

    cdef int _part(self, object part, object line, object core, object index, Py_ssize_t lead,
                   list found, Hits* hits, list tests, object test, dict near,
                   int reach) except -1:
        cdef Str text = view(part)
        cdef int64_t size = PyUnicode_GET_LENGTH(line)
        cdef Py_ssize_t hit, start, end
        cdef bint before, after
        cdef int32_t entry, last, number, line_number = index
        cdef int place
        self._find(text, size, hits)
        for hit in range(hits.count):
            start, end = max(0, hits.all[hit].start), min(text.size, hits.all[hit].end)
            before = start > 0 and bounded(char(text, start - 1))
            after = end < text.size and bounded(char(text, end))
            last = self._first[hits.all[hit].needle + 1]
            for entry in range(self._first[hits.all[hit].needle], last):
                if size > self._longest[entry]:
                    continue
                if (self._flags[entry] & 1 and before) or (self._flags[entry] & 2 and after):
                    continue
                if tests is not None:
                    number = self._numbers[entry]
                    if number < 0:  # a group of rules wants this near
                        lines_near = near.get(number)
                        if lines_near is None:
                            lines_near = near[number] = set()
                        for place in range(max(0, line_number - reach), line_number + reach + 1):
                            (<set>lines_near).add(place)
                        continue
                    if self._groups[entry]:
                        lines_near = near.get(self._groups[entry])
                        if lines_near is None or index not in lines_near:
                            continue
                    if size <= MOST_CHARS:
                        place = hits.said[number]
                        if place == -1 - line_number:
                            continue
                        if place != 1 + line_number:
                            said = tests[number]
                            if said is None:
                                said = tests[number] = test(number)
                            if said is not False and not (<Superset?>said).finds(
                                view(core if self._flags[entry] & 4 else line)
                            ):
                                hits.said[number] = -1 - line_number
                                continue
                            hits.said[number] = 1 + line_number
                found.append((
                    self._numbers[entry], self._phrases[entry], index, start + lead, end + lead
                ))  # fmt: skip
        return 0

    def scan(self, list lines, list keys, indices, list tests=None, test=None, dict near=None, int reach=0):
        """Return (rule, phrase, line, start, end) for what stands in some lines, from their start.

        Args:
            lines: the lines of a page.
            keys: their keys.
            indices: the lines to look at.
            tests: by rule the `Superset` to which a hit's line is shown, or False where there is
                none, or None where that is not known; None: all hits are returned.
            test: returns what `tests` lacks.
            near: by group of rules the lines in which they may speak; what a group wants adds to it.
            reach: lines on either side of it in which they may.
        """
        cdef list found = []
        cdef list chosen = list(indices)
        cdef Py_ssize_t size, inner, lead
        cdef Hits hits
        hits.all, hits.count, hits.room = NULL, 0, 0
        hits.signs, hits.most_signs = NULL, 0
        hits.said = <int32_t*>calloc(max(1, self._rules), sizeof(int32_t))
        if not hits.said:
            raise MemoryError
        try:
            for index in chosen:
                self._part(lines[index], lines[index], keys[index], index, 0, found, &hits, tests,
                           test, near, reach)
            for index in chosen:
                line, core = lines[index], keys[index]
                size, inner = len(line), len(core)
                if size == inner or not inner:
                    continue
                lead = 0 if line[0] == core[0] else line.index(core)
                if inner <= 48:
                    self._part(core, line, core, index, lead, found, &hits, tests, test, near, reach)
                    continue
                if lead:
                    self._part(core[:48], line, core, index, lead, found, &hits, tests, test, near, reach)
                if lead + inner < size:
                    self._part(core[inner - 48:], line, core, index, lead + inner - 48, found, &hits,
                               tests, test, near, reach)
            return found
        finally:
            free(hits.all)
            free(hits.said)
            free(hits.signs)
