package io.naru.commitlog;

import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.TooManyOpenFilesException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Uses more logs than its process may open files, then takes the last file there is and goes on. Run by {@link
 * ManyLogsTests} in a process of its own; says {@code ok} or fails.
 */
final class OpenFilesProgram {
    private static final int LOGS = 300;
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);

    private OpenFilesProgram() {}

    public static void main(String[] arguments) throws IOException {
        FileSystemDisk disk = new FileSystemDisk();
        try (LogDirectory directory = LogDirectory.open(disk, Path.of(arguments[0]))) {
            List<CommitLog> logs = new ArrayList<>();
            for (int i = 0; i < LOGS; i++) {
                CommitLog log = directory.openLog("orders/" + i, CONFIG);
                log.append(TestBatches.batch("value"), 1, 0);
                request(directory, log).join();
                logs.add(log);
            }
            for (CommitLog log : logs) {
                check(TestBatches.values(log).equals(List.of("value")), "the log has lost its record");
            }
            check(disk.openFiles() <= disk.maxOpenFiles(), disk.openFiles() + " files are open");

            CommitLog waiting = logs.getFirst();
            // A batch that makes it begin a segment, so that forcing it takes the file of its folder.
            waiting.append(TestBatches.batch("x".repeat(990)), 1, 0);
            List<FileInputStream> taken = takeAllFiles();
            CompletableFuture<Long> force = request(directory, waiting);
            int refused = 0;
            for (CommitLog log : logs) {
                try {
                    log.append(TestBatches.batch("value"), 1, 0);
                } catch (TooManyOpenFilesException e) {
                    refused++;
                }
                check(log.state() instanceof LogState.Writable, "the log is " + log.state());
            }
            check(refused > 0, "there were files for all");
            for (FileInputStream one : taken) {
                one.close();
            }
            check(force.join() >= 2, "not all was forced");
            for (CommitLog log : logs) {
                log.append(TestBatches.batch("more"), 1, 0);
                request(directory, log).join();
            }
        }
        try (LogDirectory again = LogDirectory.open(disk, Path.of(arguments[0]))) {
            check(again.startedClean(), "the end was not clean");
        }
        System.out.println("ok");
    }

    private static List<FileInputStream> takeAllFiles() {
        List<FileInputStream> taken = new ArrayList<>();
        while (true) {
            try {
                taken.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                return taken;
            }
        }
    }

    private static CompletableFuture<Long> request(LogDirectory directory, CommitLog log) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        directory.groupCommit().request(log, new ForceListener() {
            @Override
            public void forced(CommitLog which, long forcedEndOffset) {
                answer.complete(forcedEndOffset);
            }

            @Override
            public void failed(CommitLog which, IOException cause) {
                answer.completeExceptionally(cause);
            }
        });
        return answer;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
