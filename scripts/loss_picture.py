"""Print a Mermaid chart of the validation loss per epoch: of the file that is named, and of one on standard input."""

import csv
import json
import math
import sys
from pathlib import Path

POINTS = 100
COLOURS = {"plotColorPalette": "#1f6fb2, #d9730d"}


def losses(text: str) -> dict[int, float]:
    """The logarithm, to the base of ten, of each validation loss that is finite and not zero, by its epoch."""
    rows = [(row["epoch"], row["validation_loss"]) for row in csv.DictReader(text.splitlines())]
    return {int(epoch): math.log10(float(loss)) for epoch, loss in rows if loss and float(loss) > 0}


def chart(now: dict[int, float], before: dict[int, float]) -> str:
    """A chart with a line for each of two runs, or one where there is no other or they are equal."""
    lines = [before, now] if before and before != now else [now]
    last = max(map(max, lines))
    epochs = sorted({round(last * step / POINTS) for step in range(POINTS + 1)})
    # The points of a line are spread over the whole axis, so a shorter run goes on at its last loss.
    drawn = [[round(line[max(known for known in line if known <= epoch)], 4) for epoch in epochs] for line in lines]
    return "\n".join(
        [
            f"%%{{init: {json.dumps({'themeVariables': {'xyChart': COLOURS}})}}}%%",
            "xychart-beta",
            f'  title "{"Before (blue) and now (orange)" if len(lines) > 1 else "The same as before, or the first"}"',
            f'  x-axis "epoch" 0 --> {last}',
            '  y-axis "logarithm (base 10) of the validation loss"',
            *(f"  line {values}" for values in drawn),
        ]
    )


print(chart(losses(Path(sys.argv[1]).read_text(encoding="utf-8")), losses(sys.stdin.read())))
