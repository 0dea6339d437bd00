"""Reads the docx and xlsx files named on standard input with python-docx and openpyxl.

One JSON line per file on stdout: the texts of its paragraphs and cells, and for sheets the places of
its numbers, dates and truth values. A file that the peer does not open is named with the peer's error.
"""

import json
import signal
import sys

PATIENCE = 60  # seconds for one file


def word_texts(path):
    import docx

    document = docx.Document(path)
    texts = []

    def table(t):
        for row in t._tbl.tr_lst:
            for tc in row.tc_lst:
                cell = docx.table._Cell(tc, t)
                texts.extend(p.text for p in cell.paragraphs)
                for inner in cell.tables:
                    table(inner)

    texts.extend(p.text for p in document.paragraphs)
    for t in document.tables:
        table(t)
    return {"texts": [t for t in texts if t.strip()], "filled": []}


def sheet_texts(path):
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    texts, filled = [], []
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                value = cell.value
                if value is None:
                    continue
                if isinstance(value, str) and cell.data_type != "e":
                    if value.strip():
                        texts.append(value)
                else:
                    filled.append([sheet.title, cell.row, cell.column])
    return {"texts": texts, "filled": filled}


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
