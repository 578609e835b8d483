"""What Splink finds in the same register: run by `bench_duplicates`, in an environment of its own.

Its model is trained on the file itself, without the truth, as its documentation does it; blocks are
those that the screening has, as far as SQL can say them. A pair counts from a probability on.
"""

import resource
import sys
from collections import Counter
from time import perf_counter

import duckdb
import splink.comparison_library as cl
from splink import (
    DuckDBAPI,
    Linker,
    SettingsCreator,
    block_on,
)

LIKELY = 0.95


def main(path: str) -> None:
    """Train, predict, and tell what was found."""
    began = perf_counter()
    database = duckdb.connect()
    database.execute("SET threads = 2")
    database.execute(
        """
        CREATE TABLE register AS
        SELECT id AS unique_id, person, differs, unit, born, nullif(phone, '') AS phone,
               nullif(number, '') AS number, lower(given) AS given, lower(family) AS family,
               left(phone, 5) AS phone_front, right(phone, 5) AS phone_back,
               left(number, 4) AS number_front, right(number, 4) AS number_back
          FROM read_csv(?, all_varchar = true)
        """,
        [path],
    )
    rules = [
        block_on("phone"),
        block_on("number"),
        block_on("unit", "substr(given, 1, 2)"),
        block_on("unit", "substr(family, 1, 3)"),
        block_on("given", "family", "born"),
        block_on("phone_front", "substr(given, 1, 1)"),
        block_on("phone_back", "substr(given, 1, 1)"),
        block_on("number_front", "substr(given, 1, 1)", "substr(family, 1, 1)"),
        block_on("number_back", "substr(given, 1, 1)", "substr(family, 1, 1)"),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison("given", "family"),
            cl.LevenshteinAtThresholds("phone", 1),
            cl.LevenshteinAtThresholds("number", 1),
            cl.ExactMatch("born"),
            cl.ExactMatch("unit"),
        ],
        blocking_rules_to_generate_predictions=rules,
    )
    api = DuckDBAPI(connection=database)
    linker = Linker(api.register("register", table_name="people"), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("phone"), block_on("number")], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=1e7)
    training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    training.estimate_parameters_using_expectation_maximisation(block_on("phone"))
    predicted = linker.inference.predict(threshold_match_probability=LIKELY)
    found = database.execute(
        f"""
        SELECT a.person, a.person = b.person,
               coalesce(nullif(a.differs, ''), nullif(b.differs, ''))
          FROM {predicted.physical_name} p
          JOIN register a ON a.unique_id = p.unique_id_l
          JOIN register b ON b.unique_id = p.unique_id_r
        """
    ).fetchall()
    seconds = perf_counter() - began
    right: dict[str, str] = {person: differs for person, same, differs in found if same}
    there = dict(
        database.execute(
            "SELECT differs, count(*) FROM register WHERE differs <> '' GROUP BY 1"
        ).fetchall()
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"Splink: {seconds:.0f} s, at most {peak:,} MB")
    by_kind = Counter(right.values())
    for differs, many in sorted(there.items()):
        print(
            f"  {differs:<18} {by_kind[differs]:>7,} of {many:>7,}  {by_kind[differs] / many:.1%}"
        )
    total = sum(there.values())
    print(f"  {'recall':<18} {len(right):>7,} of {total:>7,}  {len(right) / total:.1%}")
    print(
        f"  {'precision':<18} {len(right):>7,} of {len(found):>7,}  {len(right) / len(found):.1%}"
    )


if __name__ == "__main__":
    main(sys.argv[1])
