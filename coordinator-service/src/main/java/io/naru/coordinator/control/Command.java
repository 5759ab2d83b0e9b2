package io.naru.coordinator.control;

import io.naru.cluster.ClusterImage;
import io.naru.cluster.TopicId;
import io.naru.cluster.protocol.BrokerRegistration;
import io.naru.cluster.protocol.TopicCommand;
import java.util.UUID;

/**
 * A wish to change the cluster. Deciding one is pure: the same command, state and context give the same result, and
 * nothing outside is touched. Only the leader decides; everybody applies the records that come out.
 *
 * @param <R> what the caller gets once the decision is applied
 */
public sealed interface Command<R> {
    /**
     * What to record and what to answer.
     *
     * @param state the cluster as it will be when the records are applied
     * @throws io.naru.cluster.NaruException when the wish cannot be granted; then nothing changes
     */
    Result<R> decide(ClusterImage state, DecisionContext context);

    /** Whether the records must be the first of their entry, because they take its version as an identity. */
    default boolean beginsEntry() {
        return false;
    }

    /** Gives a new cluster its id; answers the id, old or new. */
    record CreateCluster() implements Command<UUID> {
        @Override
        public Result<UUID> decide(ClusterImage state, DecisionContext context) {
            return BrokerControl.createCluster(state, context);
        }
    }

    /**
     * A broker process takes its id; answers its broker epoch.
     *
     * @param lapsedEpoch the epoch of this id that is known to have no live session; {@link #NOTHING_LAPSED} when the
     *     id's session is alive or the id unknown
     */
    record RegisterBroker(int brokerId, BrokerRegistration registration, long lapsedEpoch) implements Command<Long> {
        /** No epoch of the id is known to be dead. */
        public static final long NOTHING_LAPSED = -1;

        @Override
        public Result<Long> decide(ClusterImage state, DecisionContext context) {
            return BrokerControl.register(state, context, this);
        }

        @Override
        public boolean beginsEntry() {
            return true;
        }
    }

    /** A broker's session ended, or it is leaving; answers whether that changed anything. */
    record FenceBroker(int brokerId, long brokerEpoch) implements Command<Boolean> {
        @Override
        public Result<Boolean> decide(ClusterImage state, DecisionContext context) {
            return BrokerControl.fence(state, this);
        }
    }

    /**
     * A broker says how far it has replayed; answers whether it is unfenced now.
     *
     * @param metadataVersion the image version it has replayed; it must have reached its registration
     */
    record UnfenceBroker(int brokerId, long brokerEpoch, long metadataVersion) implements Command<Boolean> {
        @Override
        public Result<Boolean> decide(ClusterImage state, DecisionContext context) {
            return BrokerControl.unfence(state, this);
        }
    }

    /**
     * Puts every partition's leader and in-sync replicas in order; answers how many changed. A new leader begins with
     * this, in case its predecessor was cut off between the entries of one large change.
     */
    record SettleLeaderships() implements Command<Integer> {
        @Override
        public Result<Integer> decide(ClusterImage state, DecisionContext context) {
            var changes = Election.settle(state);
            return new Result<>(changes, changes.size());
        }
    }

    /** Makes a topic; answers its id. */
    record CreateTopic(TopicCommand.Create wish) implements Command<TopicId> {
        @Override
        public Result<TopicId> decide(ClusterImage state, DecisionContext context) {
            return TopicControl.create(state, context, wish);
        }
    }

    /** Changes a topic's configs or raises its partition count; answers its id. */
    record AlterTopic(String name, TopicCommand.Alter wish) implements Command<TopicId> {
        @Override
        public Result<TopicId> decide(ClusterImage state, DecisionContext context) {
            return TopicControl.alter(state, context, name, wish);
        }
    }

    /** Ends a topic; answers the id it had. */
    record DeleteTopic(String name, TopicCommand.Delete wish) implements Command<TopicId> {
        @Override
        public Result<TopicId> decide(ClusterImage state, DecisionContext context) {
            return TopicControl.delete(state, name, wish);
        }
    }
}
