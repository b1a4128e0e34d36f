"""The hypotheses of a forecast: a total that every chance divides exactly, the campaigns asked and no other."""

from fractions import Fraction

from career.domain.chances import Chances, published_chances


def test_the_total_of_careers_is_divided_exactly_and_is_no_larger_than_needed():
    """2027: 23/100 or 19/200, one of the two at most, hence 200. 2028: 1/3. 2029: 1/7. The bonification of the 6e: 3/10."""
    chances = Chances(
        {6: Fraction(3, 10)},
        {
            ("hors_classe", 2027): Fraction(23, 100),
            ("classe_exceptionnelle", 2027): Fraction(19, 200),
            ("hors_classe", 2028): Fraction(1, 3),
            ("hors_classe", 2029): Fraction(1, 7),
        },
    )
    assert chances.denominator == 200 * 3 * 7 * 10
    assert Chances().denominator == 1


def test_the_chances_are_those_of_the_campaigns_asked():
    chances, _ = published_chances("certifies", 2026, 2028)
    assert list(chances.promotion) == [
        (grade, year) for grade in ("hors_classe", "classe_exceptionnelle") for year in (2026, 2027, 2028)
    ]
