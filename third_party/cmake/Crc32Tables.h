/* In the place of libdeflate's crc32_tables.h (WebAssembly only): the same table, made when it is first
 * needed. Its 8 KB do not compress, and every visitor would download them. */

static u32 crc32_slice8_table[0x800];

static void
make_crc32_slice8_table(void)
{
	u32 i, bit;

	for (i = 0; i < 0x800; i++) {
		u32 crc = i;

		if (i < 0x100) {
			for (bit = 0; bit < 8; bit++)
				crc = (crc >> 1) ^ ((crc & 1) ? 0xedb88320 : 0);
		} else {
			crc = crc32_slice8_table[i - 0x100];
			crc = (crc >> 8) ^ crc32_slice8_table[crc & 0xff];
		}
		crc32_slice8_table[i] = crc;
	}
}
