package io.naru.coordinator.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.coordinator.decider.Basis;
import io.naru.coordinator.decider.MetadataEntry;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bytes of entries and snapshots: they lie on disks, so that they may not change by accident. */
class FormatTests {
    private static final MetadataEntry ENTRY =
            new MetadataEntry(7, 0x1122334455667788L, List.of(QuorumFixture.fact(1)));

    @Test
    void anEntryReadsBackAsItWas() {
        assertThat(EntryCodec.decode(EntryCodec.encode(ENTRY))).isEqualTo(ENTRY);
    }

    @Test
    void anEntryBeginsAsItAlwaysDid() {
        assertThat(HexFormat.of().formatHex(EntryCodec.encode(ENTRY), 0, 25))
                .isEqualTo("4e4d454e" + "01" + "0000000000000007" + "1122334455667788" + "00000001");
    }

    @Test
    void anEntryThatIsNoneOrNewerIsRefused() {
        byte[] bytes = EntryCodec.encode(ENTRY);
        bytes[4] = 2;
        assertThatExceptionOfType(UnreadableMetadataException.class)
                .isThrownBy(() -> EntryCodec.decode(bytes))
                .withMessageContaining("newer version");
        byte[] other = EntryCodec.encode(ENTRY);
        other[0] = 0;
        assertThatExceptionOfType(UnreadableMetadataException.class).isThrownBy(() -> EntryCodec.decode(other));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(EntryCodec.encode(ENTRY), length);
            assertThatExceptionOfType(UnreadableMetadataException.class).isThrownBy(() -> EntryCodec.decode(cut));
        }
    }

    @Test
    void aSnapshotReadsBackAsItWas() throws Exception {
        var snapshot = new Snapshot(Basis.EMPTY.after(ENTRY.records()), 3, 9);

        assertThat(Snapshot.decode(snapshot.encode())).isEqualTo(snapshot);
        assertThat(HexFormat.of().formatHex(snapshot.encode(), 0, 13))
                .isEqualTo("4e4d534e" + "01" + "0000000000000001");
    }

    @Test
    void aSnapshotThatIsCutOrChangedAnywhereIsRefused() {
        byte[] bytes = new Snapshot(Basis.EMPTY.after(ENTRY.records()), 3, 9).encode();
        for (int i = 0; i < bytes.length; i++) {
            byte[] cut = Arrays.copyOf(bytes, i);
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Snapshot.decode(cut));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Snapshot.decode(changed));
        }
    }

    @Test
    void oneHistoryHasOneLineageAndAnotherHasAnother() {
        Basis one = Basis.EMPTY.after(List.of(QuorumFixture.fact(1))).after(List.of(QuorumFixture.fact(2)));
        Basis same = Basis.EMPTY.after(List.of(QuorumFixture.fact(1))).after(List.of(QuorumFixture.fact(2)));
        Basis other = Basis.EMPTY.after(List.of(QuorumFixture.fact(2))).after(List.of(QuorumFixture.fact(1)));

        assertThat(one).isEqualTo(same);
        assertThat(one.lineage()).isNotEqualTo(other.lineage());
    }
}
