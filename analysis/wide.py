"""Letters, digits and signs as keyboards for other scripts type them."""

#: The wide forms of the ASCII characters and what they are, one for one, so that places in a text stay the same.
NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
