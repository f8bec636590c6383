// Checksums of frames that the agent neither writes nor reads: it deflates and inflates without a frame. With zlib's own
// come 12 kB of tables.
#include <zlib.h>

uLong crc32(uLong sum, const Bytef *bytes, uInt length) {
  (void)bytes, (void)length;
  return sum;
}

uLong adler32(uLong sum, const Bytef *bytes, uInt length) {
  (void)bytes, (void)length;
  return sum;
}
