"""Gives an Ogg file a serial number of our choice: encoders draw one at random, and every rebuild would differ.

Page layout and checksum as in RFC 3533, section 6.
"""

__all__ = ["with_serial"]

POLYNOMIAL = 0x04C11DB7
HEADER = 27  # bytes before the table of segments
SERIAL, CHECKSUM = slice(14, 18), slice(22, 26)


def with_serial(data: bytes, serial: int) -> bytes:
    """The same Ogg stream under another serial number (0 .. 2^32 - 1), its checksums made good.

    Raises:
        ValueError: not an Ogg stream, or cut short.
    """
    pages, at = [], 0
    while at < len(data):
        table = data[at + HEADER : at + HEADER + data[at + 26]] if len(data) > at + HEADER else b""
        end = at + HEADER + len(table) + sum(table)
        if data[at : at + 4] != b"OggS" or end > len(data):
            raise ValueError(f"no whole Ogg page at byte {at}.")
        page = bytearray(data[at:end])
        page[SERIAL], page[CHECKSUM] = serial.to_bytes(4, "little"), bytes(4)
        page[CHECKSUM] = _checksum(page).to_bytes(4, "little")
        pages.append(bytes(page))
        at = end
    return b"".join(pages)


def _checksum(page: bytearray) -> int:
    value = 0
    for byte in page:
        value = (value << 8) & 0xFFFFFFFF ^ TABLE[value >> 24 ^ byte]
    return value


def _entry(byte: int) -> int:
    value = byte << 24
    for _ in range(8):
        value = (value << 1) ^ (POLYNOMIAL if value & 0x80000000 else 0)
    return value & 0xFFFFFFFF


TABLE = [_entry(byte) for byte in range(256)]
