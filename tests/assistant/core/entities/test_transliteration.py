import pytest

from assistant.core.entities.transliteration import consonants, find_alike, is_hangul


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("볼케이노", "Volcano"),
        ("팔란티어", "Palantir"),
        ("엔비디아", "Nvidia"),
        ("페트로나스", "Petronas"),
        ("마산", "Masan"),
    ],
)
def test_a_name_sounds_alike_in_both_scripts(hangul: str, latin: str) -> None:
    assert consonants(hangul) == consonants(latin)


def test_consonants_are_compared_by_class_and_doubled_ones_count_once() -> None:
    assert consonants("볼케이노") == "PRKN"
    assert consonants("Appollo") == consonants("Abolo")


@pytest.mark.parametrize(("marked", "bare"), [("Đặng", "Dang"), ("Trần", "Tran"), ("Phở", "Pho")])
def test_vietnamese_marks_make_no_other_sound(marked: str, bare: str) -> None:
    assert consonants(marked) == consonants(bare)


@pytest.mark.parametrize(
    ("word", "text", "at"),
    [
        ("Volcano", "지난해 볼케이노는 성장했다", 4),
        ("볼케이노", "Last year Volcano grew", 10),
        ("볼케이노", "Năm ngoái Volcano tăng", 10),
        ("볼케이노", "last year a volcano erupted", None),
        ("Volcano", "지난해 팔란티어는 성장했다", None),
        ("Volcano", "Volcano grew", None),
        ("Lao", "라오 정부", None),
    ],
)
def test_a_name_is_found_in_the_other_script_only_and_only_where_it_has_sound_enough(
    word: str, text: str, at: int | None
) -> None:
    assert find_alike(word, text) == at


@pytest.mark.parametrize(
    ("word", "hangul"), [("서울", True), ("서울시청", True), ("Seoul", False), ("서울AI", False)]
)
def test_a_word_is_hangul_only_as_a_whole(word: str, hangul: bool) -> None:
    assert is_hangul(word) is hangul
