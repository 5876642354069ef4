"""Numbers as each language writes them."""

from __future__ import annotations

Number = int | float | str


def nordic(value: Number) -> str:
    """1,2 and 25 000 with a no-break space, as Finnish and Swedish write them."""
    return english(value).translate({ord(","): "\u00a0", ord("."): ","})


def english(value: Number) -> str:
    """1.2 and 25,000; one decimal, or none for a whole number."""
    number = float(value)
    return f"{int(number):,}" if number.is_integer() else f"{number:,.1f}"
