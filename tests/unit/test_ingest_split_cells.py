"""A decimal comma in a comma-separated file splits a Ct: 25,43 must not be read as 25.

The cell too many may be blank, and so look like padding: the last column of these tables is.
"""

import pytest
from ingest_exports import HEADER, read_export

from breakpoint_pcr.errors import ExportError

SECTIONS = HEADER + "[Results]\nWell,Sample Name,Target Name,Task,Cт,Cт Mean,Comments\n"
SPLIT = {
    "generic": "Well,Sample,Target,Ct,Note\nA1,S,T,25,43,\n",
    "sections": SECTIONS + "A1,S,T,UNKNOWN,25,43,25.4,\n",
    "cfx": ",Well,Fluor,Content,Sample,Cq,Note\n,A01,FAM,Unkn,S,25,43,\n",
    "lightcycler480": "Pos,Name,Cp,Status\nA1,S,25,43,\n",
    "rotorgene": "Quantitative analysis of A.FAM\nNo.,Name,Type,Ct,Var\n1,S,Unknown,25,43,\n",
    "mx": "Well,Assay,Well Type,Ct (dRn),Note\nA1,T,Unknown,25,43,\n",
    "qtower": "Well,,Sample name,Sample type,GOI,Ct GOI,dCt\nA1,,S,Unknown,T,25,43,\n",
}


@pytest.mark.parametrize("name", SPLIT)
def test_a_split_ct_is_refused(tmp_path, name):
    with pytest.raises(ExportError, match=r"cells (where|than) the header has"):
        read_export(tmp_path, SPLIT[name])
