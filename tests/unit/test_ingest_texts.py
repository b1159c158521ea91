"""Texts as bytes: damaged UTF-16, letters encoded twice, and the head by which a file is told."""

import pytest
from ingest_exports import PLAIN, abi, codes, read_folder, rejection, result, sentences
from test_ingest_wrong_joins import plates  # noqa: F401 - a fixture

from breakpoint_pcr.ingest.files.source import SNIFFED_BYTES, Content, Source, head_of
from breakpoint_pcr.ingest.files.text import decode

DAMAGED = "UTF-16 text that is cut off or damaged; copy or export it again"


def wide(text, mark=b"\xff\xfe"):
    return mark + text.encode("utf-16-le")


@pytest.mark.parametrize(
    "content",
    [
        wide(PLAIN)[:-1],
        wide(PLAIN, mark=b"")[:-1],
        wide(PLAIN)[:301] + wide(PLAIN)[302:],
        wide(PLAIN).replace(b"S\x001\0", b"\0\xd81\0"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be")[:-1],
    ],
    ids=["cut", "cut without mark", "a byte less", "half a pair", "big-endian"],
)
def test_damaged_utf_16_says_so(tmp_path, content):
    assert rejection(tmp_path, {"e.txt": content}) == f"e.txt: {DAMAGED}"


def test_whole_utf_16_is_read(tmp_path):
    for number, content in enumerate((wide(PLAIN), wide(PLAIN, mark=b""))):
        record, reactions, _ = read_folder(tmp_path, {"e.txt": content}, name=f"run-{number}")
        assert [(r.well, r.ct) for r in reactions] == [("A1", 3.25), ("A2", None)]
        assert "name_encoding" not in codes(record)


def test_the_texts_of_every_format_say_that_they_are_damaged(tmp_path, plates):  # noqa: F811
    """None of them may read a text past its damage, or call it unknown."""
    files = plates[0]
    texts = {n: c for n, c in files.items() if not c.startswith((b"PK", b"\xd0\xcf", b"<"))}
    for number, (name, content) in enumerate(texts.items()):
        (tmp_path / str(number)).mkdir()
        cut = files | {name: wide(_text(content))[:-1]}
        reason = rejection(tmp_path / str(number), cut)
        assert reason == f"{' '.join(name.split())}: {DAMAGED}"


def _text(content):
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def test_a_damaged_letter_beside_an_export_is_listed(tmp_path):
    files = {"e.csv": PLAIN, "letter.txt": wide("To whom it may concern: run 7 is fine")[:-1]}
    record, reactions, _ = read_folder(tmp_path, files)
    assert len(reactions) == 2
    assert codes(record).count("file_not_used") == 1


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_letters_encoded_twice_are_a_finding(tmp_path, encoding):
    text = abi(
        result("A1", "Müller-7", "ALB", "22.5"),
        result("A2", "S1", "ALB", "22.5"),
        result("A3", "S2", "Grün", "23.5"),
    ).replace("т", "t")
    twice = text.encode().decode(encoding).encode()
    record, reactions, _ = read_folder(tmp_path, {"e.csv": twice})
    assert len(reactions) == 3
    assert sentences(record, "name_encoding") == [
        "letters in names of A1, A3 were encoded twice, such as Ã¼ for ü; the names are not those "
        "of the instrument; export again, or name them in the sample sheet"
    ]


@pytest.mark.parametrize("name", ["Müller", "Åse", "样本1", "Ça va", "P°7", "α-1", "Ü", "naïve Ÿ"])
def test_proper_names_are_none(tmp_path, name):
    record, reactions, _ = read_folder(tmp_path, {"e.csv": abi(result("A1", name, "ALB", "22.5"))})
    assert reactions[0].sample == name
    assert "name_encoding" not in codes(record)


def test_the_head_of_a_text_ends_between_letters():
    """With a byte order mark too: else its last letter is half, and the text seems no UTF-8."""
    for mark in (b"", b"\xef\xbb\xbf"):
        content = mark + "é\n".encode() * SNIFFED_BYTES
        head = head_of(Source("e.txt", Content.TEXT, "text", content))
        assert 0 < len(head.content) <= SNIFFED_BYTES
        assert (decode(head).guessed, decode(head).content[:2]) == ("", "é\n")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("créée ÀÉ éè", "cp1252"), ("阴性对照 样本 一 二", "gb18030"), ("Größe ÄÖ ÜÄ", "cp1252")],
)
def test_letters_tell_the_encoding(text, encoding):
    """ÀÉ alone are the bytes of a common Chinese letter; éè of a rare one."""
    found = decode(Source("e.txt", Content.TEXT, "text", text.encode(encoding)))
    assert (found.guessed, found.content) == (encoding, text)
