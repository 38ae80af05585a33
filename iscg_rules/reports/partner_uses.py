"""How often each partner is recommended, in situations made up from published shares."""

from collections import Counter

import pyarrow.compute as pc

from iscg_rules.batch.whole_tables import recommend_batch
from iscg_rules.engine import Engine
from iscg_rules.reports.samples.sampling import sample

__all__ = ["partner_uses"]

_SITUATIONS = 5_000
_SEED = 1


def partner_uses(engine: Engine, count: int = _SITUATIONS) -> Counter[str]:
    """Count, by partner, the orientations in which it comes first."""
    uses: Counter[str] = Counter()
    for table in sample(count, seed=_SEED, engine=engine):
        named = pc.list_flatten(recommend_batch(table, engine=engine)["partner"])
        for one in pc.value_counts(named.combine_chunks()).to_pylist():
            if one["values"] is not None:
                uses[one["values"]] += one["counts"]
    return uses
