package io.naru.commitlog.batch;

import static io.naru.commitlog.batch.SealedBatches.body;
import static io.naru.commitlog.batch.SealedBatches.withBody;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Valid compressed batches with some bytes changed, under checksums that fit: they are read or refused, no more. */
class CompressionFuzzTests {
    private static final int MOST_BYTES = 2 << 20;
    private static final DecodeLimits LIMITS = new DecodeLimits(MOST_BYTES, 200);

    private final BatchValidator validator = new BatchValidator(1 << 20, LIMITS);

    @Property(tries = 8000)
    void aMutatedBatchIsTakenOrRefused(@ForAll Codec codec, @ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer batch = batch(codec, random);
        ByteBuffer hostile = withBody(batch, mutated(body(batch), random));
        try {
            validator.check(hostile);
        } catch (CorruptBatchException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        validator.check(batch(codec, random));
    }

    /**
     * What stands around the input, or was in the memory before, is nobody's business: with other neighbours the
     * result is the same.
     */
    @Property(tries = 8000)
    void nothingIsReadButTheInput(@ForAll Codec codec, @ForAll long seed) {
        Random random = new Random(seed);
        ByteBuffer batch = batch(codec, random);
        Codec written = RecordBatch.of(batch).codec();
        if (written == Codec.NONE) {
            return;
        }
        byte[] input = mutated(body(batch), random);
        byte[] alone = decompressed(written, input, 0, 0, (byte) 0);
        byte[] among = decompressed(written, input, 1 + random.nextInt(40), random.nextInt(40), (byte) 0x5A);
        assertThat(among).isEqualTo(alone);
        assertThat(alone == null ? 0 : alone.length).isLessThanOrEqualTo(MOST_BYTES);
    }

    private static byte @Nullable [] decompressed(Codec codec, byte[] input, int before, int after, byte filling) {
        byte[] from = new byte[before + input.length + after];
        Arrays.fill(from, filling);
        System.arraycopy(input, 0, from, before, input.length);
        GrowableBytes into = new GrowableBytes();
        if (filling != 0) {
            into.makeRoom(MOST_BYTES, MOST_BYTES);
            Arrays.fill(into.array(), filling);
        }
        try {
            CompressionFormat.of(codec).decompress(from, before, input.length, into, MOST_BYTES);
            return Arrays.copyOf(into.array(), into.length());
        } catch (CorruptBatchException _) {
            return null;
        }
    }

    private static ByteBuffer batch(Codec codec, Random random) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20);
        byte[] value = new byte[1 + random.nextInt(random.nextInt(40) == 0 ? 70_000 : 300)];
        for (int at = 0; at < value.length; at++) {
            value[at] = (byte) ('a' + random.nextInt(4));
        }
        for (int i = random.nextInt(6); i >= 0; i--) {
            builder.tryAppend(
                    1000 + i, value, 0, Math.min(9, value.length), value, 0, value.length, RecordHeaders.NONE);
        }
        return builder.build(codec);
    }

    private static byte[] mutated(byte[] body, Random random) {
        byte[] result = body.clone();
        for (int i = random.nextInt(4); i >= 0 && result.length > 0; i--) {
            int at = random.nextInt(random.nextBoolean() ? Math.min(result.length, 32) : result.length);
            switch (random.nextInt(6)) {
                case 0 -> result[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> result[at] = (byte) random.nextInt();
                case 2 -> result[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
                case 3 -> result = Arrays.copyOf(result, at + 1);
                case 4 -> {
                    int length = Math.min(random.nextInt(64), result.length - at);
                    System.arraycopy(result, random.nextInt(result.length - length + 1), result, at, length);
                }
                default -> {
                    byte[] longer = Arrays.copyOf(result, result.length + 1 + random.nextInt(16));
                    System.arraycopy(result, at, longer, at + longer.length - result.length, result.length - at);
                    result = longer;
                }
            }
        }
        return result;
    }
}
