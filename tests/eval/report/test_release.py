import json

from assistant.core.languages import Language, load_table
from assistant.measured import RELEASED


def test_the_results_that_ship_have_every_measure_of_the_realistic_questions() -> None:
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    for measures in released["realistic"]["results"].values():
        assert list(measures) == list(load_table(Language.EN, "report")["realistic"])


def test_the_results_that_ship_name_no_file_of_a_machine() -> None:
    run = json.loads(RELEASED.read_text(encoding="utf-8"))["easy"]["results"]["run"]
    assert not [value for value in json.dumps(run).split('"') if value.startswith(("/", "file:"))]
