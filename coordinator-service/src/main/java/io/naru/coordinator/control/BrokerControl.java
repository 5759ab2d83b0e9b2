package io.naru.coordinator.control;

import io.naru.cluster.BrokerImage;
import io.naru.cluster.ClusterImage;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.MetadataRecord;
import io.naru.cluster.NaruException;
import io.naru.cluster.ReplicaDirectory;
import io.naru.cluster.protocol.BrokerRegistration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Membership of brokers. A broker's epoch is the image version of the entry that registered it: unique, growing, and
 * at once the version the broker must have replayed before it may lead.
 */
final class BrokerControl {
    private BrokerControl() {}

    static Result<UUID> createCluster(ClusterImage state, DecisionContext context) {
        UUID known = state.clusterId();
        if (known != null) {
            return Result.unchanged(known);
        }
        UUID id = context.ids().get();
        return new Result<>(List.of(new MetadataRecord.ClusterCreated(id)), id);
    }

    static Result<Long> register(ClusterImage state, DecisionContext context, Command.RegisterBroker command) {
        int id = command.brokerId();
        BrokerRegistration registration = command.registration();
        RegistrationRules.requireWellFormed(id, registration);
        requireSameCluster(state, id, registration);
        BrokerImage known = state.broker(id);
        if (known == null && state.brokers().size() >= context.limits().brokers()) {
            throw new NaruException(
                    ErrorCode.IMPOSSIBLE_ASSIGNMENT,
                    "The cluster has %d brokers, as many as coordinator.limits.brokers allows; raise it first."
                            .formatted(state.brokers().size()));
        }
        if (known != null && known.epoch() != command.lapsedEpoch()) {
            if (known.incarnation().equals(registration.incarnation())) {
                return Result.unchanged(known.epoch());
            }
            requireSupersedes(known, registration);
        }
        var records = new ArrayList<MetadataRecord>();
        records.add(new MetadataRecord.BrokerRegistered(
                id,
                registration.incarnation(),
                context.entryVersion(),
                registration.directoryId(),
                registration.url(),
                registration.rack()));
        ReplicaDirectory replaced = known == null || known.directoryId().equals(registration.directoryId())
                ? null
                : new ReplicaDirectory(id, known.directoryId());
        settle(state, records, replaced);
        return new Result<>(records, context.entryVersion());
    }

    static Result<Boolean> fence(ClusterImage state, Command.FenceBroker command) {
        BrokerImage broker = state.broker(command.brokerId());
        if (broker == null || broker.epoch() != command.brokerEpoch() || broker.fenced()) {
            return Result.unchanged(false);
        }
        var records = new ArrayList<MetadataRecord>();
        records.add(new MetadataRecord.BrokerFenced(broker.id(), broker.epoch()));
        settle(state, records, null);
        return new Result<>(records, true);
    }

    static Result<Boolean> unfence(ClusterImage state, Command.UnfenceBroker command) {
        BrokerImage broker = requireCurrent(state, command.brokerId(), command.brokerEpoch());
        if (!broker.fenced()) {
            return Result.unchanged(true);
        }
        if (command.metadataVersion() < broker.epoch()) {
            return Result.unchanged(false);
        }
        var records = new ArrayList<MetadataRecord>();
        records.add(new MetadataRecord.BrokerUnfenced(broker.id(), broker.epoch()));
        settle(state, records, null);
        return new Result<>(records, true);
    }

    static BrokerImage requireCurrent(ClusterImage state, int brokerId, long brokerEpoch) {
        BrokerImage broker = state.broker(brokerId);
        if (broker == null || broker.epoch() != brokerEpoch) {
            throw new NaruException(ErrorCode.STALE_BROKER_EPOCH, staleText(brokerId, brokerEpoch, broker));
        }
        return broker;
    }

    private static String staleText(int brokerId, long brokerEpoch, @Nullable BrokerImage broker) {
        return broker == null
                ? "Broker %d is not registered; it must register first.".formatted(brokerId)
                : "Broker %d registered again since epoch %d and is now at epoch %d; a process that still uses the old one must register anew."
                        .formatted(brokerId, brokerEpoch, broker.epoch());
    }

    private static void requireSameCluster(ClusterImage state, int id, BrokerRegistration registration) {
        UUID own = state.clusterId();
        if (own == null) {
            throw new NaruException(
                    ErrorCode.NOT_READY, "The cluster has no id yet; its coordinator is starting. Try again shortly.");
        }
        UUID theirs = registration.clusterId();
        if (theirs != null && !theirs.equals(own)) {
            throw new NaruException(
                    ErrorCode.FOREIGN_CLUSTER,
                    "The data directory of broker %d belongs to cluster %s, but this is cluster %s. Point the broker at its own coordinator, or give it an empty data directory."
                            .formatted(id, theirs, own));
        }
    }

    private static void requireSupersedes(BrokerImage known, BrokerRegistration registration) {
        boolean successor = known.incarnation().equals(registration.previousIncarnation())
                && known.directoryId().equals(registration.directoryId());
        if (!successor) {
            throw new NaruException(
                    ErrorCode.DUPLICATE_BROKER_ID,
                    "Broker id %d is in use by a live broker at %s. Give this one another broker.id; if the other has just died, its session ends shortly and a retry succeeds."
                            .formatted(known.id(), known.url()));
        }
    }

    /** Adds what the broker records so far mean for the partitions. */
    private static void settle(ClusterImage state, List<MetadataRecord> records, @Nullable ReplicaDirectory replaced) {
        records.addAll(Election.settle(state.apply(records, state.version()), replaced));
    }
}
