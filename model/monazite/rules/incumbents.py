"""Which part of the plants of today works at the price of today, and which is lost."""

from monazite.rules.compiled import compiled
from monazite.rules.floors import relief_usd_per_t
from monazite.rules.plants import cost_usd_per_t
from monazite.rules.records import Model


@compiled
def set_incumbents(model: Model) -> None:
    """Move the working part of each maker's incumbents toward the part that covers its cost.

    Their costs lie evenly between the cheapest plant's and the dearest's, so that the part
    that is covered falls in a straight line with what price and floors leave over inputs. Plants
    stop and come back with a time constant each; of what stands, a part closes for good.
    """
    makers, price_usd_per_t, multiples = model.makers, model.price_usd_per_t, model.multiple
    settings = model.settings[0]
    if settings.idling == 0:
        return
    for j in range(makers.size):
        maker = makers[j]
        if maker.spread_usd_per_t <= 0.0:
            continue
        left = price_usd_per_t[maker.product] * multiples[maker.product, maker.region]
        left += relief_usd_per_t(model, j) - cost_usd_per_t(model, j, maker.cheapest_usd_per_t)
        covered = min(1.0, max(0.0, left / maker.spread_usd_per_t))
        if covered < maker.works:
            maker.works += settings.idle_step * (covered - maker.works)
        else:
            back = max(maker.works, min(covered, 1.0 - maker.lost))
            maker.works += settings.back_step * (back - maker.works)
        maker.lost += settings.lost_step * (1.0 - maker.works - maker.lost)
