"""Several chains as one, in which every name carries its chain: `gallium.refined_gallium`."""

from collections.abc import Iterable, Mapping, Sequence

from monazite.evidence.chain import (
    Chain,
    Item,
    Maker,
    Process,
    Route,
    Sector,
    Use,
    frozen,
)
from monazite.naming import bare, chain_of, named
from monazite.scenario.part import Several


class Joined(Chain):
    """Chains that share regions and nothing else."""

    members: Several[Chain]
    """The chains, in the order of the scenario."""

    def owner_of(self, name: str) -> Chain:
        """Return the chain that a product, process or sector is of."""
        return next(one for one in self.members if one.chain == chain_of(name))

    def owners(self) -> tuple[Chain, ...]:
        """Return the chains that it is made of."""
        return self.members


def joined(chains: Sequence[Chain]) -> Chain:
    """Return chains as one; a single one is itself."""
    if len(chains) == 1:
        return chains[0]
    apart = [_named(chain) for chain in chains]
    return Joined(
        chain="-".join(chain.chain for chain in chains),
        title=", ".join(chain.title for chain in chains),
        hazard_class=chains[0].hazard_class,
        reference_year=max(chain.reference_year for chain in chains),
        products=_merged(one.products for one in apart),
        processes=_merged(one.processes for one in apart),
        makers=tuple(maker for one in apart for maker in one.makers),
        sectors=_merged(one.sectors for one in apart),
        use=_merged(one.use for one in apart),
        leads=_merged(one.leads for one in apart),
        routes=tuple(route for one in apart for route in one.routes),
        members=tuple(chains),
    )


def streams(chain: Chain) -> Mapping[str, str]:
    """Return the word for each process in the names of random streams.

    Without its chain, so that a plant fails on the same days whatever other chains there are;
    with it where two chains have a process of that name.
    """
    words = [bare(name) for name in chain.processes]
    return {name: bare(name) if words.count(bare(name)) == 1 else name for name in chain.processes}


def _merged(blocks: Iterable[Mapping[str, Item]]) -> Mapping[str, Item]:
    return {name: item for block in blocks for name, item in block.items()}


def _named(chain: Chain) -> Chain:
    """Return a chain with its own name before every name of its products and so on."""

    def name(word: str) -> str:
        return named(chain.chain, word)

    def keyed(items: Mapping[str, Item]) -> Mapping[str, Item]:
        return frozen({name(word): item for word, item in items.items()})

    def process(one: Process) -> Process:
        new: dict[str, object] = {"makes": name(one.makes), "needs": keyed(one.needs)}
        if one.scrap is not None:
            words = {
                key: tuple(map(name, getattr(one.scrap, key))) for key in ("used_in", "made_in")
            }
            new["scrap"] = one.scrap.model_copy(update=words)
        return one.model_copy(update=new)

    def maker(one: Maker) -> Maker:
        return one.model_copy(update={"process": name(one.process)})

    def sector(one: Sector) -> Sector:
        return one.model_copy(update={"product": name(one.product)})

    def use(one: Use) -> Use:
        return one.model_copy(update={"split": keyed(one.split), "remainder": name(one.remainder)})

    def route(one: Route) -> Route:
        return one.model_copy(update={"product": name(one.product), "lead": name(one.lead)})

    return chain.model_copy(
        update={
            "products": keyed(chain.products),
            "processes": keyed({word: process(one) for word, one in chain.processes.items()}),
            "makers": tuple(map(maker, chain.makers)),
            "sectors": keyed({word: sector(one) for word, one in chain.sectors.items()}),
            "use": keyed({region: use(one) for region, one in chain.use.items()}),
            "leads": keyed(chain.leads),
            "routes": tuple(map(route, chain.routes)),
        }
    )
