"""What pool and worker say to each other, over a socket that only they have.

A frame is a head of fixed length, then JSON, then bytes. The pool reads what a worker sends as it
would read a stranger's: lengths are checked, and nothing is unpickled.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Final, NamedTuple

__all__ = [
    "CHUNK",
    "END",
    "FD",
    "INLINE",
    "LOW",
    "MORE",
    "SPOOLED",
    "TASK",
    "Frame",
    "FrameReader",
    "answer",
    "task",
]

#: The head of a job: length of the JSON, flags.
TASK: Final = struct.Struct("<IB")
#: With the head of this job comes the descriptor of a file for a long answer.
FD: Final = 1
#: From this job on the worker stands back behind others for processor time.
LOW: Final = 2

#: The head of an answer: length of the JSON, length of the bytes, what they are.
_HEAD: Final = struct.Struct("<IQB")
#: The bytes are the end of the answer.
END: Final = 0
#: The bytes are a part of the answer; more comes.
MORE: Final = 1
#: The answer is in the file; no bytes follow, their number is that of the file.
SPOOLED: Final = 2

#: An answer up to this long travels over the socket.
INLINE: Final = 1 << 16
#: The longest part of a longer one, where no file can be shared.
CHUNK: Final = 1 << 18
_LONGEST_META: Final = 1 << 24


class Frame(NamedTuple):
    """One frame of a worker."""

    meta: dict[str, Any]
    kind: int
    size: int
    body: bytes


def task(payload: bytes, flags: int) -> bytes:
    """The head of a job."""
    return TASK.pack(len(payload), flags)


def answer(meta: dict[str, Any], kind: int, size: int) -> bytes:
    """The head and JSON of an answer."""
    text = json.dumps(meta).encode()
    return _HEAD.pack(len(text), size, kind) + text


class FrameReader:
    """Makes frames of bytes as they come."""

    def __init__(self) -> None:
        self._held = bytearray()

    def fed(self, data: bytes | memoryview) -> Frame | None:
        """The frame that these bytes complete, if they do; one comes at a time.

        :raises ValueError: when this is no frame of ours.
        """
        self._held += data
        if len(self._held) < _HEAD.size:
            return None
        length, size, kind = _HEAD.unpack_from(self._held)
        follow = 0 if kind == SPOOLED else size
        if length > _LONGEST_META or follow > CHUNK or kind not in {END, MORE, SPOOLED}:
            raise ValueError("a worker sent something else than an answer")
        end = _HEAD.size + length + follow
        if len(self._held) < end:
            return None
        meta = json.loads(self._held[_HEAD.size : _HEAD.size + length])
        if not isinstance(meta, dict):
            raise ValueError("a worker sent something else than an answer")  # noqa: TRY004  # as above
        if kind != MORE and len(self._held) > end:
            # What follows would be taken for the answer of the next job.
            raise ValueError("a worker sent more than an answer")
        body = bytes(self._held[_HEAD.size + length : end])
        del self._held[:end]
        return Frame(meta, kind, size, body)
