"""Token ids cut to what a model reads: the middle of a long text is left out."""

MAX_TOKENS = 160  # reads one review in twenty-five not to its end; a post or a message always


def cut_middle(ids: list[int], limit: int = MAX_TOKENS) -> list[int]:
    """Keep the start and the end of a text: complaints often close with what the customer wants."""
    return ids if len(ids) <= limit else ids[: limit // 2] + ids[-(limit - limit // 2) :]
