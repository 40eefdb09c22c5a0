"""Figures in few signs, and lines that fit into their box."""

import pytest

from board.kit import figures


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (812, "812 B"), (999, "999 B"), (1000, "1 kB"), (1234, "1.2 kB"), (12_345, "12 kB"),
     (37_000_000_000, "37 GB"), (4.2e15, "4,200 TB")],
)  # fmt: skip
def test_sizes(count, text):
    assert figures.size(count) == text


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (None, "–"),
        (0, "0 ms"),
        (0.000_42, "0.4 ms"),
        (0.085, "85 ms"),
        (0.9951, "995 ms"),
        (1.23, "1.2 s"),
        (75, "75 s"),
    ],
)
def test_times(time, text):
    assert figures.seconds(time) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [(112, 100, "+12 %"), (97, 100, "−3 %"), (100, 100, "±0 %"), (0, 9, "−100 %"), (5, 0, ""), (250, 10, "×25")],
)
def test_changes(now, before, text):
    assert figures.change(now, before) == text


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (1.1, 2), (3, 5), (7, 10), (1001, 2000), (0.03, 0.05)])
def test_the_top_of_a_plot_is_a_round_figure(value, top):
    assert figures.rounded_up(value) == pytest.approx(top)


def test_a_line_keeps_to_its_box_and_has_gaps_where_nothing_is_known():
    drawing = figures.draw([0, 5, None, 10], [2, None])
    assert (drawing.width, drawing.top) == (3, 10)
    assert drawing.now == "M0 100L1 50M3 0"
    assert drawing.area == "M0 100L1 50V100H0ZM3 0V100H3Z"
    assert drawing.before == "M0 80"
    nothing = figures.draw([None, None])
    assert (nothing.now, nothing.area, nothing.top) == ("", "", 1)


def test_bars_stand_on_the_ground_and_hang_from_it_to_one_scale():
    drawing = figures.bars([0, 1, 4], [0, 0, 5])
    assert (drawing.width, drawing.top, drawing.bottom, drawing.ground) == (3, 5, 5, 50)
    assert drawing.above == "M1 50v-10h.9V50zM2 50v-40h.9V50z"
    assert drawing.below == "M2 50v50h.9V50z"


def test_bars_of_nothing_are_an_empty_box():
    drawing = figures.bars([0, 0])
    assert (drawing.width, drawing.top, drawing.bottom, drawing.ground, drawing.above) == (2, 1, 0, 100, "")
