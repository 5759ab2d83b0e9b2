package io.naru.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of metadata records and deltas: in the coordinators' log, in their snapshots and in the feed to brokers.
 *
 * <pre>
 * delta  := magic "NMD1" | flags u8 (1 = snapshot) | fromVersion i64 | toVersion i64 | records
 * records:= count i32 | count × record
 * record := type u8 | length i32 | length bytes of fields
 * text   := length i32 | UTF-8     (length -1 = null)
 * </pre>
 *
 * All numbers are big-endian. Fields may be added at a record's end: an older reader passes over what it does not
 * know. A type it does not know is an error, because applying the rest without it would give another image.
 */
public final class MetadataCodec {
    /** The media type of a delta over HTTP. */
    public static final String MEDIA_TYPE = "application/vnd.naru.metadata-delta";

    private static final int MAGIC = 0x4E4D4431;
    private static final int SNAPSHOT = 1;
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private MetadataCodec() {}

    /** The bytes of a delta. */
    public static byte[] encode(MetadataDelta delta) {
        return toBytes(out -> {
            out.writeInt(MAGIC);
            out.writeByte(delta.snapshot() ? SNAPSHOT : 0);
            out.writeLong(delta.fromVersion());
            out.writeLong(delta.toVersion());
            write(out, delta.records());
        });
    }

    /**
     * The delta in these bytes.
     *
     * @throws IllegalArgumentException if they are not a whole delta, or of a newer format
     */
    public static MetadataDelta decodeDelta(byte[] bytes) {
        return fromBytes(bytes, in -> {
            if (in.readInt() != MAGIC) {
                throw new IOException("not a metadata delta, or of a newer format");
            }
            int flags = in.readUnsignedByte();
            long from = in.readLong();
            long to = in.readLong();
            return new MetadataDelta((flags & SNAPSHOT) != 0, from, to, read(in));
        });
    }

    /** Writes a list of records. */
    public static void write(DataOutputStream out, List<MetadataRecord> records) throws IOException {
        out.writeInt(records.size());
        for (MetadataRecord item : records) {
            byte[] fields = toBytes(body -> writeFields(body, item));
            out.writeByte(RecordType.of(item).number);
            out.writeInt(fields.length);
            out.write(fields);
        }
    }

    /** Reads what {@link #write} wrote. */
    public static List<MetadataRecord> read(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0) {
            throw new IOException("negative record count " + count);
        }
        var records = new ArrayList<MetadataRecord>(Math.min(count, 1 << 16));
        for (int i = 0; i < count; i++) {
            RecordType type = RecordType.at(in.readUnsignedByte());
            int length = in.readInt();
            if (length < 0 || length > in.available()) {
                throw new IOException("a record of " + length + " bytes does not fit what is left");
            }
            records.add(fromBytes(in.readNBytes(length), body -> readFields(type, body)));
        }
        return records;
    }

    /** The kinds of record, with their numbers on the wire, which are never given to another kind. */
    private enum RecordType {
        CLUSTER_CREATED(0),
        BROKER_REGISTERED(1),
        BROKER_FENCED(2),
        BROKER_UNFENCED(3),
        TOPIC_CREATED(4),
        TOPIC_CONFIG_CHANGED(5),
        TOPIC_DELETED(6),
        PARTITION_CREATED(7),
        PARTITION_CHANGED(8);

        private final int number;

        RecordType(int number) {
            this.number = number;
        }

        static RecordType of(MetadataRecord item) {
            return switch (item) {
                case MetadataRecord.ClusterCreated _ -> CLUSTER_CREATED;
                case MetadataRecord.BrokerRegistered _ -> BROKER_REGISTERED;
                case MetadataRecord.BrokerFenced _ -> BROKER_FENCED;
                case MetadataRecord.BrokerUnfenced _ -> BROKER_UNFENCED;
                case MetadataRecord.TopicCreated _ -> TOPIC_CREATED;
                case MetadataRecord.TopicConfigChanged _ -> TOPIC_CONFIG_CHANGED;
                case MetadataRecord.TopicDeleted _ -> TOPIC_DELETED;
                case MetadataRecord.PartitionCreated _ -> PARTITION_CREATED;
                case MetadataRecord.PartitionChanged _ -> PARTITION_CHANGED;
            };
        }

        static RecordType at(int number) throws IOException {
            for (RecordType type : values()) {
                if (type.number == number) {
                    return type;
                }
            }
            throw new IOException("record type " + number + " was written by a newer version");
        }
    }

    private static void writeFields(DataOutputStream out, MetadataRecord item) throws IOException {
        switch (item) {
            case MetadataRecord.ClusterCreated r -> writeUuid(out, r.clusterId());
            case MetadataRecord.BrokerRegistered r -> {
                out.writeInt(r.brokerId());
                writeUuid(out, r.incarnation());
                out.writeLong(r.brokerEpoch());
                writeUuid(out, r.directoryId());
                writeText(out, r.url());
                writeText(out, r.rack());
            }
            case MetadataRecord.BrokerFenced r -> {
                out.writeInt(r.brokerId());
                out.writeLong(r.brokerEpoch());
            }
            case MetadataRecord.BrokerUnfenced r -> {
                out.writeInt(r.brokerId());
                out.writeLong(r.brokerEpoch());
            }
            case MetadataRecord.TopicCreated r -> {
                writeUuid(out, r.topicId().value());
                writeText(out, r.name());
                var sorted = new TreeMap<>(r.configs());
                out.writeInt(sorted.size());
                for (Map.Entry<String, String> config : sorted.entrySet()) {
                    writeText(out, config.getKey());
                    writeText(out, config.getValue());
                }
            }
            case MetadataRecord.TopicConfigChanged r -> {
                writeUuid(out, r.topicId().value());
                writeText(out, r.key());
                writeText(out, r.value());
            }
            case MetadataRecord.TopicDeleted r -> writeUuid(out, r.topicId().value());
            case MetadataRecord.PartitionCreated r -> {
                writeUuid(out, r.topicId().value());
                out.writeInt(r.partition());
                writeIds(out, r.replicas());
                writeIds(out, r.isr());
                out.writeInt(r.leader());
                out.writeInt(r.leaderEpoch());
            }
            case MetadataRecord.PartitionChanged r -> {
                writeUuid(out, r.topicId().value());
                out.writeInt(r.partition());
                writeIds(out, r.isr());
                out.writeInt(r.leader());
                out.writeInt(r.leaderEpoch());
                out.writeInt(r.partitionEpoch());
                writeAwaited(out, r.awaited());
            }
        }
    }

    private static MetadataRecord readFields(RecordType type, DataInputStream in) throws IOException {
        return switch (type) {
            case CLUSTER_CREATED -> new MetadataRecord.ClusterCreated(readUuid(in));
            case BROKER_REGISTERED ->
                new MetadataRecord.BrokerRegistered(
                        in.readInt(), readUuid(in), in.readLong(), readUuid(in), readText(in), readNullableText(in));
            case BROKER_FENCED -> new MetadataRecord.BrokerFenced(in.readInt(), in.readLong());
            case BROKER_UNFENCED -> new MetadataRecord.BrokerUnfenced(in.readInt(), in.readLong());
            case TOPIC_CREATED -> {
                var id = new TopicId(readUuid(in));
                String name = readText(in);
                var configs = new TreeMap<String, String>();
                for (int left = in.readInt(); left > 0; left--) {
                    configs.put(readText(in), readText(in));
                }
                yield new MetadataRecord.TopicCreated(id, name, configs);
            }
            case TOPIC_CONFIG_CHANGED ->
                new MetadataRecord.TopicConfigChanged(new TopicId(readUuid(in)), readText(in), readNullableText(in));
            case TOPIC_DELETED -> new MetadataRecord.TopicDeleted(new TopicId(readUuid(in)));
            case PARTITION_CREATED ->
                new MetadataRecord.PartitionCreated(
                        new TopicId(readUuid(in)), in.readInt(), readIds(in), readIds(in), in.readInt(), in.readInt());
            case PARTITION_CHANGED ->
                new MetadataRecord.PartitionChanged(
                        new TopicId(readUuid(in)),
                        in.readInt(),
                        readIds(in),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        readAwaited(in));
        };
    }

    /** Left out where there is none: records without it keep the bytes, and so the checksums, they always had. */
    private static void writeAwaited(DataOutputStream out, @Nullable ReplicaDirectory awaited) throws IOException {
        if (awaited != null) {
            out.writeInt(awaited.brokerId());
            writeUuid(out, awaited.directoryId());
        }
    }

    private static @Nullable ReplicaDirectory readAwaited(DataInputStream in) throws IOException {
        return in.available() == 0 ? null : new ReplicaDirectory(in.readInt(), readUuid(in));
    }

    private static void writeUuid(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID readUuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void writeIds(DataOutputStream out, List<Integer> ids) throws IOException {
        out.writeInt(ids.size());
        for (int id : ids) {
            out.writeInt(id);
        }
    }

    private static List<Integer> readIds(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available() / Integer.BYTES) {
            throw new IOException("a list of " + count + " ids does not fit its record");
        }
        var ids = new ArrayList<Integer>(count);
        for (int i = 0; i < count; i++) {
            ids.add(in.readInt());
        }
        return ids;
    }

    private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable String readNullableText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > MAX_TEXT_BYTES || length > in.available()) {
            throw new IOException("a text of " + length + " bytes does not fit its record");
        }
        return new String(in.readNBytes(length), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String readText(DataInputStream in) throws IOException {
        String text = readNullableText(in);
        if (text == null) {
            throw new IOException("a text that must be there is missing");
        }
        return text;
    }

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    private static byte[] toBytes(Writer writer) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static <T> T fromBytes(byte[] bytes, Reader<T> reader) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return reader.read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("Unreadable metadata: " + e.getMessage(), e);
        }
    }
}
