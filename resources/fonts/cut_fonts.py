"""Cut the report's fonts out of the full ones, and write down which characters they hold.

Usage: python cut_fonts.py DIR_WITH_FULL_TTF DIR_TO_WRITE

DIR_WITH_FULL_TTF holds, anywhere below it, the TTF files of the npm packages that README.md names.
The report reads coverage.txt instead of the fonts: opening a font takes longer than typesetting.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset

LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin-1, Latin Extended-A
    *range(0x2B0, 0x370),  # modifiers and combining marks
    *range(0x370, 0x400),  # Greek
    *range(0x400, 0x530),  # Cyrillic
    *range(0x1E00, 0x1F00),  # Latin Extended Additional
    *range(0x2010, 0x20D0),  # punctuation, raised and lowered figures, currencies
    *range(0x2100, 0x2190),  # letter-like signs
    0xFFFD,
]
SIGNS = [*range(0x2190, 0x2300), *range(0x25A0, 0x2600)]  # arrows, operators, shapes
CJK_SIGNS = [*range(0x3000, 0x3040), *range(0xFF00, 0xFFF0)]
MONO = [*range(0x20, 0x7F), 0xB7, 0x394, 0x2013, 0x2032, 0x2192, 0x2212]
# Characters of personal names that GB 2312 lacks: of registers of names and of the third level of
# the general table of standard characters (2013), and traditional forms that are common in names.
NAMES = (
    "㛃㬎㭎㸌㻬䶮俶偲冔劼勍勔叆叡唅喆喦喬垚堃堉堎堏壡夐奡妘妧姞姮姸娫娸婞婠婤婳媖媗媞嫄嫕嬛嬿孖宬寔峣崟嵚巘帡幹弢彊彧忞惇愃愔慜扆揚旸旻昇昉昫昳晅晙晞晢晧暁暐暻曈曌朓"
    "杺柟栐栒梽棪棻棽楙橦沄沚泂洺浥淏渟湉湜溁澂濛濬炆炘炤烔烜焜焮煐燊燏燚燿爃爔犇犖猋玒玓玕玗玘玙玚玞玠玥珅珒珖珝珢珣珦珮珰珵珺珽琀琁琇琋琎琑琡琤琭琯琱琲琸瑀瑄瑆瑒瑝"
    "瑢瑨瑮瑱璂璆璈璉璕璘璟璠璥璪璱瓀瓅瓈瓊甡畇畑畯皛皞睆矞磾祎祐祾禔禕禛秝稑穂竑竝筼絜綝緲縂翀翃翚翾耑臯芃芣苳荙荺莀莙萐蒍蒨蓂藝藴虓蛚衎衟衠袆褀覠訚訢詗詠詡誩諠譞谞"
    "贇贠赟赪軏輗轪迺遹釔釗鈊鈞鉎銘鋆鋐鋕錤鍇鎧鏸鐿锜锳锽镃镕镠閎阇陞霨靑鞗韡頔頫頲颋颙飏飔馡駿驎骉骎骦鳯鴻鵬鷟鸑鹓麗龏龑龢"
)
WEIGHTS = ("400Regular", "700Bold")


def gb2312() -> list[int]:
    """Return the code points of the 6,763 hanzi and the signs of GB 2312."""
    found: list[int] = []
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def cut(source: Path, target: Path, characters: Iterable[int]) -> list[int]:
    """Write the font with these characters alone; return those that it really holds."""
    options = subset.Options()
    options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
    return sorted(font.getBestCmap())


def ranges(points: Iterable[int]) -> list[str]:
    """Return `20-7E` style ranges of the code points."""
    found: list[list[int]] = []
    for point in sorted(set(points)):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return [f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in found]


def main() -> None:
    """Cut every family in every weight and write coverage.txt."""
    source, target = map(Path, sys.argv[1:3])
    families = {
        "NotoSans": (LATIN, WEIGHTS),
        "NotoSansSC": ([*gb2312(), *map(ord, NAMES), *CJK_SIGNS], WEIGHTS),
        "NotoSansMath": (SIGNS, WEIGHTS[:1]),
        "NotoSansMono": (MONO, WEIGHTS[:1]),
    }
    lines: list[str] = []
    for family, (characters, weights) in families.items():
        held: set[int] = set(characters)
        for weight in weights:
            name = f"{family}_{weight}.ttf"
            held &= set(cut(next(source.rglob(name)), target / name, characters))
        lines.append(f"{family} {','.join(ranges(held))}\n")
    (target / "coverage.txt").write_text("".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
