"""How a CFX spells what is no number.

The software is a .NET program: it writes NaN in the words of the region that Windows is set to
(NumberFormatInfo.NaNSymbol). That of German was seen in an export; the others are .NET's own.
"""

# Casefolded.
NOT_A_NUMBER = frozenset(
    {
        "nan",
        "n. def.",
        "non numérique",
        "neun",
        "non un numero reale",
        "nan (niet-een-getal)",
        "nan (não é um número)",
        "nie jest liczbą",
        "není číslo",
        "nie je číslo",
        "nem szám",
        "epäluku",
        "не число",
        "非数字",
        "不是一個數字",
        "nan (非数値)",
    }
)
