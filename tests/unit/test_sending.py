"""How many commands travel: lanes side by side, each in its order, in few requests."""

from collections.abc import Sequence

from mshauri.api import BATCH, Answer, Api, Wish, send_all


class Noting(Api):
    """Notes what it is sent, and answers with each command's own id."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", "")
        self.requests: list[list[str]] = []

    async def send(self, wishes: Sequence[Wish]) -> list[Answer]:
        self.requests.append([str(wish.command["commandId"]) for wish in wishes])
        return [Answer(str(wish.command["commandId"])) for wish in wishes]


def lanes(names: Sequence[str], many: int) -> list[list[Wish]]:
    """Return so many lanes of these commands, whose ids say which lane and which of it."""
    return [
        [Wish(name, {"commandId": f"{lane}.{place}"}) for place, name in enumerate(names)]
        for lane in range(many)
    ]


async def test_a_lane_s_second_command_travels_behind_its_neighbours_first_ones() -> None:
    async with Noting() as api:
        await send_all(api, lanes(["begin", "change"], 16))
    assert api.requests[0] == ["0.0", "1.0", "0.1", "1.1"]


async def test_answers_come_in_the_order_of_the_commands_as_they_were_given() -> None:
    given = lanes(["begin", "change", "end"], 100)
    async with Noting() as api:
        answers = await send_all(api, given)
    assert [answer.id for answer in answers] == [
        wish.command["commandId"] for lane in given for wish in lane
    ]


async def test_a_lane_is_sent_whole_and_in_its_order() -> None:
    async with Noting() as api:
        await send_all(api, lanes(["zeal", "begin", "mend"], 100))
    for request in api.requests:
        for lane in {id.partition(".")[0] for id in request}:
            of_lane = [id for id in request if id.partition(".")[0] == lane]
            assert of_lane == [f"{lane}.{place}" for place in range(3)]


async def test_of_lanes_unlike_each_other_those_of_one_name_stand_together() -> None:
    unlike = [*lanes(["begin"], 40)]
    for lane in unlike[::2]:
        lane[0] = Wish("other", lane[0].command)
    async with Noting() as api:
        await send_all(api, unlike)
    assert api.requests[0] == ["1.0", "3.0", "0.0", "2.0", "4.0"]


async def test_a_request_is_no_longer_than_a_batch_but_for_one_long_lane() -> None:
    async with Noting() as api:
        await send_all(api, [*lanes(["begin", "change"], 800), *lanes(["mend"] * 2 * BATCH, 1)])
    assert max(map(len, api.requests[:-1])) <= BATCH
    assert len(api.requests[-1]) == 2 * BATCH
