"""Times other readers on the docx files named on the command line, or, after --workbooks, on xlsx files.

One JSON line per peer and file on stdout; each figure is the median of warm runs on one core,
in microseconds. Peers that cannot be imported are named on stderr and left out.
"""

import io
import json
import statistics
import sys
import time
import zipfile


def median(call, budget=4.0):
    call()
    times, start = [], time.perf_counter()
    while (time.perf_counter() - start < budget or len(times) < 3) and len(times) < 400:
        one = time.perf_counter()
        call()
        times.append(time.perf_counter() - one)
    return round(statistics.median(times) * 1e6)


def python_docx(path, data):
    import docx

    def read():
        document = docx.Document(io.BytesIO(data))
        return [[[c.text for c in row.cells] for row in t.rows] for t in document.tables]

    return read


def zipfile_lxml(path, data):
    from lxml import etree

    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

    def read():
        root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
        return ["".join(t.text or "" for t in tc.iter(w + "t")) for tc in root.iter(w + "tc")]

    return read


def docling_rs(path, data):
    import docling_rs

    converter = docling_rs.DocumentConverter()
    return lambda: converter.convert(path)


def openpyxl(path, data):
    import openpyxl

    def read():
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        return [[str(v) for row in sheet.iter_rows(values_only=True) for v in row if v is not None] for sheet in book.worksheets]

    return read


PEERS = {"python-docx": python_docx, "zipfile + lxml": zipfile_lxml, "docling.rs": docling_rs}
paths = sys.argv[1:]
if paths[:1] == ["--workbooks"]:
    PEERS, paths = {"openpyxl": openpyxl}, paths[1:]

for path in paths:
    with open(path, "rb") as f:
        data = f.read()
    for name, make in PEERS.items():
        try:
            call = make(path, data)
            micros = median(call)
        except Exception as e:  # a peer that is absent or fails is named, never guessed
            print(f"{name}: {type(e).__name__}: {e}", file=sys.stderr)
            continue
        print(json.dumps({"peer": name, "file": path, "micros": micros}), flush=True)
