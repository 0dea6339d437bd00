"""Times python-docx on the docx files of a folder: opens each and reads the text of all its cells.

usage: batch.py FOLDER [HOW_MANY]. One process, one core; files evenly spread over the folder.
"""

import pathlib
import sys
import time

import docx

files = sorted(pathlib.Path(sys.argv[1]).glob("*.docx"))
count = min(int(sys.argv[2]) if len(sys.argv) > 2 else 50, len(files))
files = files[:: max(1, len(files) // max(1, count))][:count]


def read(path):
    document = docx.Document(str(path))
    return sum(len(cell.text) for table in document.tables for row in table.rows for cell in row.cells)


read(files[0])
cpu, wall = time.process_time(), time.perf_counter()
characters = sum(read(path) for path in files)
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
print(f"{len(files)} files, {characters} characters: {cpu / len(files) * 1000:.1f} ms of processor time each, {wall / len(files) * 1000:.1f} ms by the clock")
