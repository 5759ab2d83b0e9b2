package io.naru.commitlog.batch;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * One frame of the LZ4 frame format (version 1.6.1 of its description), as far as Kafka's clients take it: blocks that
 * do not depend on each other, no dictionary, nothing behind the frame.
 *
 * <pre>
 * frame:  04 22 4D 18 | flags | block size code | content size (u64, if flagged) | header's checksum (u8)
 *         | blocks: length (u32, high bit = as it is) | bytes | xxHash-32 of the bytes (u32, if flagged) ...
 *         | 00 00 00 00 | xxHash-32 of the content (u32, if flagged)
 *
 * flags:  bits 6-7 version = 01 | 5 blocks independent | 4 block checksums | 3 content size | 2 content checksum
 *         | 1 reserved = 0 | 0 dictionary
 * </pre>
 *
 * Little-endian. Written as Kafka does: blocks of 64 KiB and nothing optional. Everything a frame brings is verified.
 *
 * <p>The library's plain Java implementation is used, which the JVM's own bounds checks keep within its arrays.
 */
final class Lz4Frame implements CompressionFormat {
    static final Lz4Frame FORMAT = new Lz4Frame();

    private static final LZ4Factory FACTORY = LZ4Factory.safeInstance();
    private static final LZ4Compressor FAST = FACTORY.fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();
    private static final XXHash32 HASH = XXHashFactory.safeInstance().hash32();

    private static final int MAGIC = 0x184D2204;
    private static final int VERSION_1 = 0x40;
    private static final int VERSION_MASK = 0xC0;
    private static final int INDEPENDENT = 0x20;
    private static final int BLOCK_CHECKSUM = 0x10;
    private static final int CONTENT_SIZE = 0x08;
    private static final int CONTENT_CHECKSUM = 0x04;
    private static final int RESERVED = 0x02;
    private static final int DICTIONARY = 0x01;
    private static final int CODE_64K = 4;
    private static final int RESERVED_CODE_BITS = 0x8F;

    private static final int FLAGS_AT = 4;
    private static final int LEAST_HEADER = 7;
    private static final int LENGTH_BYTES = 4;
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int UNCOMPRESSED = 0x8000_0000;

    /** A byte of a block makes at most 255 of content; lengths are coded in bytes of up to 255. */
    private static final int MOST_EXPANSION = 255;

    private static final byte[] HEADER = header();

    private Lz4Frame() {}

    private static byte[] header() {
        byte[] header = new byte[LEAST_HEADER];
        LittleEndian.putInt(header, 0, MAGIC);
        header[FLAGS_AT] = VERSION_1 | INDEPENDENT;
        header[FLAGS_AT + 1] = CODE_64K << 4;
        header[FLAGS_AT + 2] = descriptorChecksum(header, FLAGS_AT, 2);
        return header;
    }

    @Override
    public int compressBound(int length) {
        long blocks = (length + BLOCK_BYTES - 1L) / BLOCK_BYTES;
        // A block that grows is stored as it is, but only after the compressor had room to find that out.
        int lastRoom = FAST.maxCompressedLength(BLOCK_BYTES) - BLOCK_BYTES;
        return Math.toIntExact(HEADER.length + blocks * LENGTH_BYTES + length + lastRoom + LENGTH_BYTES);
    }

    @Override
    public int compress(byte[] from, int fromOffset, int length, byte[] to, int toOffset, int level) {
        LZ4Compressor compressor = level == Codec.LZ4.defaultLevel() ? FAST : FACTORY.highCompressor(level);
        System.arraycopy(HEADER, 0, to, toOffset, HEADER.length);
        int at = toOffset + HEADER.length;
        for (int done = 0; done < length; done += BLOCK_BYTES) {
            int block = Math.min(BLOCK_BYTES, length - done);
            int body = at + LENGTH_BYTES;
            int packed = compressor.compress(from, fromOffset + done, block, to, body, to.length - body);
            if (packed >= block) {
                System.arraycopy(from, fromOffset + done, to, body, block);
                packed = block;
                LittleEndian.putInt(to, at, block | UNCOMPRESSED);
            } else {
                LittleEndian.putInt(to, at, packed);
            }
            at = body + packed;
        }
        LittleEndian.putInt(to, at, 0);
        return at + LENGTH_BYTES - toOffset;
    }

    @Override
    public void decompress(byte[] from, int fromOffset, int length, GrowableBytes into, int maxLength) {
        int end = fromOffset + length;
        int start = into.length();
        int flags = checkedFlags(from, fromOffset, length);
        int blockBytes = checkedBlockBytes(from[fromOffset + FLAGS_AT + 1]);
        int at = endOfHeader(from, fromOffset, end, flags);
        while (true) {
            requireLeft(LENGTH_BYTES, at, end);
            int lengthField = LittleEndian.getInt(from, at);
            at += LENGTH_BYTES;
            if (lengthField == 0) {
                break;
            }
            int packed = lengthField & ~UNCOMPRESSED;
            if (packed == 0 || packed > blockBytes) {
                throw damaged("a block says it has " + packed + " bytes; 1 to " + blockBytes + " are possible");
            }
            requireLeft(packed, at, end);
            int room = start + maxLength - into.length();
            if ((lengthField & UNCOMPRESSED) != 0) {
                addAsItIs(from, at, packed, into, room, maxLength);
            } else {
                addUnpacked(from, at, packed, blockBytes, into, room, maxLength);
            }
            at += packed;
            if ((flags & BLOCK_CHECKSUM) != 0) {
                at = checkedHash(from, at, end, HASH.hash(from, at - packed, packed, 0), "a block");
            }
        }
        if ((flags & CONTENT_CHECKSUM) != 0) {
            int hash = HASH.hash(into.array(), start, into.length() - start, 0);
            at = checkedHash(from, at, end, hash, "its content");
        }
        if (at != end) {
            throw damaged((end - at) + " bytes follow its end");
        }
        if ((flags & CONTENT_SIZE) != 0
                && LittleEndian.getLong(from, fromOffset + FLAGS_AT + 2) != into.length() - start) {
            throw damaged("its content has another length than it says");
        }
    }

    private static void addAsItIs(byte[] from, int at, int length, GrowableBytes into, int room, int maxLength) {
        if (length > room) {
            throw CompressionFormat.tooLarge(maxLength);
        }
        into.add(from, at, length, into.length() + room);
    }

    private static void addUnpacked(
            byte[] from, int at, int packed, int blockBytes, GrowableBytes into, int room, int maxLength) {
        int possible = (int) Math.min(blockBytes, (long) packed * MOST_EXPANSION);
        int wanted = Math.min(possible, room);
        into.makeRoom(wanted, into.length() + room);
        try {
            into.length(into.length() + DECOMPRESSOR.decompress(from, at, packed, into.array(), into.length(), wanted));
        } catch (LZ4Exception e) {
            if (room < possible) {
                throw CompressionFormat.tooLarge(maxLength);
            }
            throw damaged("a block is no LZ4 block (" + e.getMessage() + ")");
        }
    }

    private static int checkedFlags(byte[] from, int start, int length) {
        if (length < LEAST_HEADER || LittleEndian.getInt(from, start) != MAGIC) {
            throw damaged("it does not begin as a frame");
        }
        int flags = from[start + FLAGS_AT];
        if ((flags & VERSION_MASK) != VERSION_1 || (flags & RESERVED) != 0) {
            throw damaged("its frame is of another version");
        }
        if ((flags & INDEPENDENT) == 0 || (flags & DICTIONARY) != 0) {
            throw damaged("its blocks depend on each other or on a dictionary, which Kafka's format does not allow");
        }
        return flags;
    }

    private static int checkedBlockBytes(byte code) {
        if ((code & RESERVED_CODE_BITS) != 0 || code >> 4 < CODE_64K) {
            throw damaged("its frame has no valid block size");
        }
        return 1 << (2 * (code >> 4) + 8);
    }

    private static int endOfHeader(byte[] from, int start, int end, int flags) {
        int descriptor = start + FLAGS_AT;
        int length = (flags & CONTENT_SIZE) != 0 ? 2 + Long.BYTES : 2;
        requireLeft(length + 1, descriptor, end);
        if (from[descriptor + length] != descriptorChecksum(from, descriptor, length)) {
            throw damaged("its header has another checksum than it says");
        }
        return descriptor + length + 1;
    }

    private static byte descriptorChecksum(byte[] from, int at, int length) {
        return (byte) (HASH.hash(from, at, length, 0) >> 8);
    }

    private static int checkedHash(byte[] from, int at, int end, int hash, String what) {
        requireLeft(LENGTH_BYTES, at, end);
        if (LittleEndian.getInt(from, at) != hash) {
            throw damaged(what + " has another checksum than it says");
        }
        return at + LENGTH_BYTES;
    }

    private static void requireLeft(int bytes, int at, int end) {
        if (end - at < bytes) {
            throw damaged("it ends within the frame");
        }
    }

    private static CorruptBatchException damaged(String flaw) {
        return CompressionFormat.damaged(Codec.LZ4, flaw);
    }
}
