"""Reads the docx and xlsx files named on standard input with python-docx and openpyxl.

One JSON line per file on stdout: the paragraphs of its text and cells, each in the pieces that stand
side by side, and for sheets every cell with its place and its value. A file that the peer does not open is named with the peer's error.
"""

import datetime
import decimal
import json
import signal
import sys

PATIENCE = 60  # seconds for one file

# What stands inside a paragraph and is passed over by python-docx although the page shows it.
PASSED_OVER = ("ins", "moveTo", "smartTag", "sdt", "fldSimple", "customXml", "dir", "bdo", "oMath", "ruby")


def word_texts(path):
    import docx

    document = docx.Document(path)
    texts = []

    def paragraph(p):
        # Where python-docx leaves a piece out of the middle (an accepted insertion, a field, a
        # content control), what it reads does not stand side by side on the page: its runs are
        # looked for one after the other.
        whole = not any(p._p.find(".//{*}" + name) is not None for name in PASSED_OVER)
        pieces = [p.text] if whole else [inner.text for inner in p.iter_inner_content()]
        texts.append([piece for piece in pieces if piece.strip()])

    def table(t):
        for row in t._tbl.tr_lst:
            for tc in row.tc_lst:
                cell = docx.table._Cell(tc, t)
                for p in cell.paragraphs:
                    paragraph(p)
                for inner in cell.tables:
                    table(inner)

    for p in document.paragraphs:
        paragraph(p)
    for t in document.tables:
        table(t)
    return {"texts": [t for t in texts if t], "cells": []}


def sheet_texts(path):
    import openpyxl
    from openpyxl.utils.escape import unescape
    from openpyxl.worksheet._reader import WorksheetReader

    # openpyxl writes a link's target into a cell that is blank; the sheet shows nothing there.
    WorksheetReader.bind_hyperlinks = lambda self: None

    def said(cell):
        """What kind of value it is, and the value as text."""
        value = cell.value
        if cell.data_type == "e":
            return ["error", str(value)]
        if isinstance(value, bool):
            return ["truth", str(value).upper()]
        if isinstance(value, (int, float)):
            return ["number", format(decimal.Decimal(repr(value)), "f")]
        if isinstance(value, datetime.timedelta):
            return ["span", str(value.total_seconds())]
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return ["date", value.isoformat()]
        # openpyxl leaves the escapes of the file format (`_x000D_`) as they are written.
        return ["text", unescape(str(value))]

    book = openpyxl.load_workbook(path, data_only=True)
    cells = [
        [sheet.title, cell.row, cell.column, *said(cell)]
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and str(cell.value).strip()
    ]
    return {"texts": [], "cells": cells}


class Late(Exception):
    pass


def late(*_):
    raise Late("took too long")


signal.signal(signal.SIGALRM, late)
for path in sys.stdin.read().splitlines():
    word = path.rsplit(".", 1)[-1].lower() in ("docx", "docm", "dotx")
    answer = {"file": path, "peer": "python-docx" if word else "openpyxl"}
    signal.alarm(PATIENCE)
    try:
        answer.update(word_texts(path) if word else sheet_texts(path))
    except Exception as e:  # what a peer cannot open is no measure of us
        answer["error"] = f"{type(e).__name__}: {e}"[:200]
    finally:
        signal.alarm(0)
    print(json.dumps(answer), flush=True)
