package io.naru.benchmarks.log;

import io.naru.commitlog.CommitLog;
import io.naru.commitlog.LogConfig;
import io.naru.commitlog.LogDirectory;
import io.naru.commitlog.LogState;
import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.PrivateThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that the recovery suite starts, to kill it: fills a data directory, or opens one as a broker does. It says
 * on standard output when it is done, in one line, and then waits: for being killed, or for a line {@code close} on
 * standard input.
 */
public final class RecoveryWorker {
    private static final int BATCH_BYTES = 16 * 1024;
    private static final long CHECKPOINT_MILLIS = 5000;
    private static final LogConfig CONFIG = new LogConfig(1 << 30, Long.MAX_VALUE, 4096);

    private RecoveryWorker() {}

    /**
     * The program: {@code fill ROOT LOGS BYTES} answers {@code filled}; {@code open ROOT} answers {@code opened}, the
     * milliseconds it took and the bytes it read, and, once told to close, {@code closed} and the milliseconds that took.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "fill" -> fill(root, Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
            case "open" -> open(root);
            default -> throw new IllegalArgumentException("fill or open, not " + arguments[0]);
        }
    }

    private static void fill(Path root, int count, long bytes) throws IOException, InterruptedException {
        LogDirectory directory = LogDirectory.open(new FileSystemDisk(), root);
        List<CommitLog> logs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            logs.add(directory.openLog("topic-" + i / 100 + "/" + i % 100, CONFIG));
        }
        Thread.ofPlatform().daemon(true).start(() -> checkpoints(directory));
        PrivateThreads.runHere(() -> appendAndForce(logs, bytes));
        System.out.println("filled");
        Thread.currentThread().join();
    }

    private static void appendAndForce(List<CommitLog> logs, long bytes) throws IOException {
        ByteBuffer batch = SampleRecords.batch(BATCH_BYTES);
        long written = 0;
        for (int round = 0; written < bytes; round++) {
            for (CommitLog log : logs) {
                log.append(batch.clear(), 1, SampleRecords.FIRST_TIMESTAMP + round);
                written += batch.capacity();
            }
            if (round % 64 == 0) {
                forceAll(logs);
            }
        }
        forceAll(logs);
    }

    private static void forceAll(List<CommitLog> logs) throws IOException {
        for (CommitLog log : logs) {
            log.force();
        }
    }

    private static void checkpoints(LogDirectory directory) {
        try {
            while (true) {
                Thread.sleep(CHECKPOINT_MILLIS);
                directory.checkpoint();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("The checkpoints ended", e);
        }
    }

    private static void open(Path root) throws IOException {
        long began = System.nanoTime();
        LogDirectory directory = LogDirectory.open(new FileSystemDisk(), root);
        directory.recoverAll(Runtime.getRuntime().availableProcessors());
        for (String name : directory.logNames()) {
            CommitLog log = directory.openLog(name, CONFIG);
            if (!(log.state() instanceof LogState.Writable)) {
                throw new IllegalStateException("Log " + name + " is " + log.state());
            }
        }
        System.out.println("opened " + millisSince(began) + " "
                + directory.recoveryProgress().bytes());
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        if ("close".equals(told.readLine())) {
            long closing = System.nanoTime();
            directory.close();
            System.out.println("closed " + millisSince(closing));
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
