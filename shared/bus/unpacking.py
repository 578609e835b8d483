"""What kafka-python has fetched of one partition, taken apart by `framing` instead of by itself."""

from collections.abc import Iterator
from typing import Any

from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError

from shared.bus.framing import Framed, unframe


class Unpacked(Fetcher.PartitionRecords):  # type: ignore[misc]
    """The records of one fetch, in turn; its own place is kept as kafka-python keeps it."""

    def _unpack_records(self, place: Any, batches: Any, *_: object) -> Iterator[Framed]:
        while (batch := batches.next_batch()) is not None:
            if batch.magic < 2:
                raise CorruptRecordError(f"{place}: message format {batch.magic}")
            if not batch.validate_crc():
                raise CorruptRecordError(f"{place}: the batch at {batch.base_offset} is damaged")
            self.leader_epoch = batch.leader_epoch
            if not batch.is_control_batch:
                batch._maybe_uncompress()
                body = bytes(memoryview(batch._buffer)[batch._pos :])
                try:
                    for record in unframe(body, batch.records_count, batch.base_offset):
                        self.next_fetch_offset = record.offset + 1
                        yield record
                except (ValueError, IndexError) as error:
                    raise CorruptRecordError(f"{place}: at {batch.base_offset}") from error
            self.next_fetch_offset = batch.next_offset
        self.drain()
