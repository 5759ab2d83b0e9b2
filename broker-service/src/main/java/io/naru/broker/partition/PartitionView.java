package io.naru.broker.partition;

import io.naru.cluster.NaruException;
import org.jspecify.annotations.Nullable;

/**
 * What a partition's owner shows to everybody else: whether it leads, how far readers may read, the configs in force.
 * Read on any thread. Written on the partition's loop only, but for {@link #end}, which any thread may call.
 */
final class PartitionView {
    private static final int NOT_LEADING = -1;

    private final AdvanceListeners listeners = new AdvanceListeners();

    private volatile TopicSettings settings;
    private volatile long highWatermark;
    private volatile int leaderEpoch = NOT_LEADING;

    /** Why nothing can be read or written here any more; null while it can. */
    private volatile @Nullable NaruException ended;

    PartitionView(TopicSettings settings, long highWatermark) {
        this.settings = settings;
        this.highWatermark = highWatermark;
    }

    /** Those to be told when the high watermark advances, or when nothing can be read here any more. */
    AdvanceListeners listeners() {
        return listeners;
    }

    TopicSettings settings() {
        return settings;
    }

    void settings(TopicSettings changed) {
        settings = changed;
    }

    long highWatermark() {
        return highWatermark;
    }

    void highWatermark(long advanced) {
        highWatermark = advanced;
    }

    boolean leading() {
        return leaderEpoch != NOT_LEADING;
    }

    /** The epoch this broker leads in; negative while it does not. */
    int leaderEpoch() {
        return leaderEpoch;
    }

    /** Leads in {@code epoch} from now on, unless this partition has ended here. */
    void lead(int epoch) {
        leaderEpoch = ended == null ? epoch : NOT_LEADING;
    }

    void stopLeading() {
        leaderEpoch = NOT_LEADING;
    }

    /** Turns every further call away with {@code reason}, for good. */
    void end(NaruException reason) {
        ended = reason;
    }

    /** What {@link #end} was given; null before. */
    @Nullable
    NaruException ended() {
        return ended;
    }
}
