"""Tables of text, and whether an aim was met."""


def met(is_met):
    return "met" if is_met else "MISSED"


def count(number):
    return f"{number:,.0f}"


def mebibytes(size_bytes):
    return f"{size_bytes / 2**20:,.1f}"


def table(title, columns, rows):
    """`columns`: the headings, which may have several lines; the first column leans left."""
    heads = [column.split("\n") for column in columns]
    height = max(len(head) for head in heads)
    lines = [list(line) for line in zip(*([""] * (height - len(head)) + head for head in heads))]
    widths = [max(len(line[i]) for line in lines + rows) for i in range(len(columns))]
    text = [title, "-" * (sum(widths) + 2 * (len(widths) - 1))]
    for line in lines + rows:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        text.append("  ".join(cells).rstrip())
    return "\n".join(text) + "\n"
