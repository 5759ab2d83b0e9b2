package io.naru.cluster.protocol;

import io.naru.cluster.TopicId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What brokers ask of the coordinators' leader on behalf of users. */
public sealed interface TopicCommand {
    /**
     * {@code POST /internal/topics}.
     *
     * @param partitions null for the cluster's default of 1
     * @param replicationFactor null for the cluster's default of min(3, brokers)
     */
    record Create(
            String name,
            @Nullable Integer partitions,
            @Nullable Integer replicationFactor,
            Map<String, String> configs) implements TopicCommand {
        public Create {
            configs = Map.copyOf(configs);
        }
    }

    /**
     * {@code POST /internal/topics/{name}/alteration}.
     *
     * @param configs config → new value, or null for back to default; null when no config changes
     * @param partitions the new, higher count; null when it stays
     * @param revision the {@link io.naru.cluster.TopicImage#revision} the change was made for; null for any
     */
    record Alter(
            @Nullable Map<String, @Nullable String> configs,
            @Nullable Integer partitions,
            @Nullable String revision) implements TopicCommand {}

    /**
     * {@code POST /internal/topics/{name}/deletion}.
     *
     * @param revision as in {@link Alter}
     */
    record Delete(@Nullable String revision) implements TopicCommand {}

    /** A change is decided and applied; whoever replays to {@code version} sees it. */
    record Done(TopicId topicId, long version) {}
}
