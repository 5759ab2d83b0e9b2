package io.naru.standalone;

import io.naru.broker.BrokerApplication;
import io.naru.coordinator.CoordinatorApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One coordinator and one broker in this JVM. One thread starts it; {@link #close} may come from any thread and any
 * number of times. After a crash the data folder is opened again as it is: what was acknowledged is there.
 */
public final class Standalone implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MS = 5;

    private final DataFolder folder;
    private final FileChannel lock;
    private final ConfigurableApplicationContext coordinator;
    private final ConfigurableApplicationContext broker;
    private final List<RunFile> runFiles;

    private Standalone(
            DataFolder folder,
            FileChannel lock,
            ConfigurableApplicationContext coordinator,
            ConfigurableApplicationContext broker,
            List<RunFile> runFiles) {
        this.folder = folder;
        this.lock = lock;
        this.coordinator = coordinator;
        this.broker = broker;
        this.runFiles = runFiles;
    }

    /**
     * Starts both and returns once a produce would succeed.
     *
     * @throws StartException when that is impossible or takes longer than a minute; nothing runs then
     */
    public static Standalone start(StandaloneSettings settings) {
        DataFolder folder = new DataFolder(settings.data());
        folder.prepare();
        FileChannel lock = folder.lock();
        try {
            PortOwner.requireFree(settings.port(), "--port");
            PortOwner.requireFree(settings.coordinatorPort(), "--coordinator-port");
            return start(settings, folder, lock);
        } catch (RuntimeException e) {
            closeLock(lock);
            throw e;
        }
    }

    private static Standalone start(StandaloneSettings settings, DataFolder folder, FileChannel lock) {
        // What Spring Boot would warm up beside is nothing that is needed here.
        System.setProperty("spring.backgroundpreinitializer.ignore", "true");
        // Side by side: the broker asks for its registration until the coordinator answers.
        CompletableFuture<ConfigurableApplicationContext> coordinator = inItsOwnThread(
                "start-coordinator", () -> CoordinatorApplication.start(settings.forCoordinator(folder)));
        CompletableFuture<ConfigurableApplicationContext> broker =
                inItsOwnThread("start-broker", () -> BrokerApplication.start(settings.forBroker(folder)));
        List<RunFile> starting = runFiles(settings, false);
        starting.forEach(file -> file.write(folder.run()));
        try {
            ConfigurableApplicationContext startedCoordinator = await(coordinator, "coordinator");
            ConfigurableApplicationContext startedBroker = await(broker, "broker");
            Standalone started = new Standalone(folder, lock, startedCoordinator, startedBroker, starting);
            started.awaitReady();
            runFiles(settings, true).forEach(file -> file.write(folder.run()));
            return started;
        } catch (RuntimeException e) {
            closeWhenStarted(broker);
            closeWhenStarted(coordinator);
            starting.forEach(file -> file.delete(folder.run()));
            throw e;
        }
    }

    private static List<RunFile> runFiles(StandaloneSettings settings, boolean ready) {
        return List.of(
                RunFile.ofThisProcess("coordinator", 1, settings.coordinatorUrl(), ready),
                RunFile.ofThisProcess("broker", 1, settings.url(), ready));
    }

    /** Lets running requests end, makes everything durable and stops: the broker first, it still needs the other. */
    @Override
    public void close() {
        broker.close();
        coordinator.close();
        runFiles.forEach(file -> file.delete(folder.run()));
        closeLock(lock);
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (!isReady(coordinator) || !isReady(broker)) {
            if (System.nanoTime() > deadline) {
                throw new StartException((isReady(coordinator) ? "the broker" : "the coordinator")
                        + " was not ready after " + READY_LIMIT.toSeconds() + " s: see the log in " + folder.logs());
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartException("starting was interrupted", e);
            }
        }
    }

    private static boolean isReady(ConfigurableApplicationContext service) {
        HealthDescriptor readiness = service.getBean(HealthEndpoint.class).healthForPath("readiness");
        return readiness != null && readiness.getStatus().equals(Status.UP);
    }

    private interface Start {
        ConfigurableApplicationContext run();
    }

    private static CompletableFuture<ConfigurableApplicationContext> inItsOwnThread(String name, Start start) {
        CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();
        Thread.ofPlatform().name(name).start(() -> {
            try {
                started.complete(start.run());
            } catch (Throwable failure) {
                started.completeExceptionally(failure);
            }
        });
        return started;
    }

    private static ConfigurableApplicationContext await(
            CompletableFuture<ConfigurableApplicationContext> starting, String role) {
        try {
            return starting.join();
        } catch (CompletionException e) {
            throw StartFailure.explain(role, e.getCause() == null ? e : e.getCause());
        }
    }

    private static void closeWhenStarted(CompletableFuture<ConfigurableApplicationContext> starting) {
        starting.handle((context, _) -> {
                    if (context != null) {
                        context.close();
                    }
                    return true;
                })
                .join();
    }

    private static void closeLock(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
