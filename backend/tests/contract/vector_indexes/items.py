"""What is stored."""

from coachwork.chassis.vectors import Item

EAST, NORTH, NORTH_EAST = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.6, 0.8, 0.0)
ITEMS = [
    Item("east", "Towards the sunrise", EAST, {"kind": "side", "degrees": 90}),
    Item("north", "Towards the pole", NORTH, {"kind": "side", "degrees": 0}),
    Item("north-east", "Between the two", NORTH_EAST, {"kind": "corner", "degrees": 53}),
]
