"""Names that carry their chain, `gallium.wafers`, where a scenario has several chains."""


def named(chain: str, name: str) -> str:
    """Return a name with its chain.

    >>> named("gallium", "wafers")
    'gallium.wafers'
    """
    return f"{chain}.{name}"


def bare(name: str) -> str:
    """Return a name without its chain.

    >>> bare("gallium.wafers"), bare("wafers")
    ('wafers', 'wafers')
    """
    return name.rpartition(".")[2]


def chain_of(name: str) -> str:
    """Return the chain that a name carries, nothing where it carries none.

    >>> chain_of("gallium.wafers"), chain_of("wafers")
    ('gallium', '')
    """
    return name.rpartition(".")[0]
