package io.naru.broker.config;

import io.naru.broker.client.FileIdentityStore;
import io.naru.broker.client.HttpCoordinator;
import io.naru.broker.metadata.BrokerIdentity;
import io.naru.broker.metadata.BrokerSession;
import io.naru.broker.metadata.Coordinator;
import io.naru.broker.metadata.MetadataFollower;
import io.naru.broker.partition.LocalPartitions;
import io.naru.broker.partition.PartitionHost;
import io.naru.broker.runtime.PeriodicTask;
import io.naru.broker.runtime.ThreadTimers;
import io.naru.commitlog.LogDirectories;
import io.naru.commitlog.LogDirectory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Wires a broker without its HTTP face. */
@Configuration(proxyBeanMethods = false)
@Import(StorageConfiguration.class)
@EnableConfigurationProperties({
    BrokerProperties.class,
    BrokerProperties.Coordinators.class,
    BrokerProperties.Produce.class,
    BrokerProperties.RetentionCheck.class
})
public class BrokerConfiguration {
    @Bean(destroyMethod = "close")
    ThreadTimers timers() {
        return new ThreadTimers();
    }

    @Bean(destroyMethod = "close")
    HttpCoordinator coordinator(BrokerProperties.Coordinators coordinators) {
        return new HttpCoordinator(coordinators.urls());
    }

    @Bean
    BrokerIdentity.Store identities(BrokerProperties broker, LogDirectories locked) {
        var store = new FileIdentityStore(
                locked.online().stream().map(LogDirectory::path).toList());
        BrokerIdentity known = store.load();
        if (known != null && known.brokerId() != broker.id()) {
            throw new IllegalStateException(
                    "%s holds the data of broker %d, and this is broker %d. Set broker.id=%d or another log.dir."
                            .formatted(
                                    locked.online().getFirst().path(),
                                    known.brokerId(),
                                    broker.id(),
                                    known.brokerId()));
        }
        return store;
    }

    @Bean
    LocalPartitions partitions() {
        return new LocalPartitions();
    }

    @Bean(destroyMethod = "")
    PartitionHost partitionHost(
            Environment environment,
            BrokerProperties broker,
            BrokerProperties.Produce produce,
            BrokerProperties.RetentionCheck retentionCheck,
            LogDirectories directories,
            LocalPartitions partitions,
            ThreadTimers timers) {
        var settings = new PartitionHost.Settings(
                broker.id(),
                broker.effectiveLoops(),
                produce.maxPendingBytes(),
                retentionCheck.interval(),
                StorageSettings.cleaner(environment),
                LogDefaults.of(environment));
        return new PartitionHost(settings, directories, partitions, timers, Clock.systemUTC());
    }

    @Bean(destroyMethod = "")
    MetadataFollower cluster(
            BrokerProperties broker, Coordinator coordinator, PartitionHost host, ThreadTimers timers) {
        return new MetadataFollower(broker.id(), coordinator, List.of(host), timers);
    }

    @Bean(destroyMethod = "")
    BrokerSession session(
            Environment environment,
            BrokerProperties broker,
            LogDirectories directories,
            Coordinator coordinator,
            BrokerIdentity.Store identities,
            MetadataFollower follower) {
        var self = new BrokerSession.Self(broker.id(), directories.id(), advertisedUrl(environment), broker.rack());
        return new BrokerSession(
                self, UUID.randomUUID(), broker.heartbeatInterval(), coordinator, identities, follower);
    }

    @Bean
    BrokerLifecycle brokerLifecycle(
            BrokerSession session,
            MetadataFollower follower,
            PartitionHost host,
            LogDirectories directories,
            List<PeriodicTask> upkeep) {
        return new BrokerLifecycle(session, follower, host, directories, upkeep);
    }

    @Bean
    BrokerHealth brokerHealthIndicator(BrokerSession session, LocalPartitions partitions, PartitionHost host) {
        return new BrokerHealth(session, partitions, host.cleaner());
    }

    @Bean
    CleanerMetrics cleanerMetrics(PartitionHost host) {
        return new CleanerMetrics(host.cleaner());
    }

    @Bean
    BrokerMetrics brokerMetrics(
            MetadataFollower cluster, LocalPartitions partitions, BrokerSession session, Environment environment) {
        return new BrokerMetrics(cluster, partitions, session, LogDefaults.of(environment));
    }

    /** Where clients reach this broker: {@code advertised.url}, or the address and port it listens on. */
    static String advertisedUrl(Environment environment) {
        String configured = environment.getProperty("advertised.url");
        if (configured != null) {
            return configured;
        }
        return "http://" + reachableHost(environment.getProperty("server.address", "127.0.0.1")) + ":"
                + environment.getProperty("server.port", "8080");
    }

    /** A listener on all addresses is reached by the machine's name. */
    private static String reachableHost(String address) {
        if (address.equals("0.0.0.0") || address.equals("::")) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                throw new IllegalStateException(
                        "server.address is " + address + " and this machine has no name others could use."
                                + " Set advertised.url to where this broker is reached.",
                        e);
            }
        }
        return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    }
}
