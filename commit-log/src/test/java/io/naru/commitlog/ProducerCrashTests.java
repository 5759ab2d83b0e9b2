package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.ReservedIdentity;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Clients that send a batch again until they hear that it is on the disk, and now and then once more: whatever crashes,
 * each batch is in the log once and in order.
 */
class ProducerCrashTests {
    private static final LogConfig CONFIG = new LogConfig(900, Long.MAX_VALUE, 150);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");

    sealed interface Action {
        record Send(int client) implements Action {}

        record Key() implements Action {}

        record SendAgain(int client, int batchesAgo) implements Action {}

        record KeyAgain() implements Action {}

        record Force() implements Action {}

        record Reopen() implements Action {}

        record DamageSnapshot() implements Action {}

        record CrashNow(Crash how) implements Action {}

        record CrashLater(int nth, Crash how) implements Action {}

        record Fail(Operation operation, int nth) implements Action {}
    }

    @Property(tries = 2000)
    void everyBatchIsStoredOnce(@ForAll("histories") List<Action> history, @ForAll long seed) throws IOException {
        Run run = new Run(seed);
        for (Action action : history) {
            run.perform(action);
        }
        run.perform(new Action.CrashNow(Crash.POWER));
        run.assertStoredOnce();
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        Arbitrary<Integer> clients = Arbitraries.integers().between(0, 2);
        return Arbitraries.<Action>frequencyOf(
                        Tuple.of(12, clients.map(Action.Send::new)),
                        Tuple.of(6, Arbitraries.just(new Action.Key())),
                        Tuple.of(
                                4,
                                Combinators.combine(
                                                clients, Arbitraries.integers().between(1, 5))
                                        .as(Action.SendAgain::new)),
                        Tuple.of(3, Arbitraries.just(new Action.KeyAgain())),
                        Tuple.of(4, Arbitraries.just(new Action.Force())),
                        Tuple.of(2, Arbitraries.just(new Action.Reopen())),
                        Tuple.of(1, Arbitraries.just(new Action.DamageSnapshot())),
                        Tuple.of(1, Arbitraries.of(Crash.class).map(Action.CrashNow::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(Arbitraries.integers().between(1, 40), Arbitraries.of(Crash.class))
                                        .as(Action.CrashLater::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(
                                                Arbitraries.of(
                                                        Operation.CREATE,
                                                        Operation.READ,
                                                        Operation.WRITE,
                                                        Operation.RENAME,
                                                        Operation.DELETE),
                                                Arbitraries.integers().between(1, 5))
                                        .as(Action.Fail::new)))
                .list()
                .ofMaxSize(60);
    }

    /** One client: what it has sent, and how much of that it knows to be on the disk. */
    private static final class Client {
        private static final int MAX_IN_FLIGHT = 5;

        private final List<ByteBuffer> sent = new ArrayList<>();
        private final Map<Integer, Long> offsets = new HashMap<>();
        private int confirmed;

        int inFlight() {
            return sent.size() - confirmed;
        }
    }

    private static final class Run {
        private final Random random;
        private final FaultyDisk disk;
        private final List<Client> clients = List.of(new Client(), new Client(), new Client());
        /** The requests with a key; each is a batch of its own, and may be in flight with any others. */
        private final Client keys = new Client();

        private LogDirectory directory;
        private CommitLog log;

        Run(long seed) throws IOException {
            random = new Random(seed);
            disk = new FaultyDisk(seed);
            open();
        }

        void perform(Action action) throws IOException {
            try {
                switch (action) {
                    case Action.Send(int number) -> {
                        Client client = clients.get(number);
                        if (client.inFlight() == Client.MAX_IN_FLIGHT) {
                            force();
                        }
                        client.sent.add(TestBatches.of(number, 0, nextSequence(client), 1 + random.nextInt(3)));
                        append(client, client.sent.size() - 1);
                    }
                    case Action.Key() -> {
                        keys.sent.add(TestBatches.keyed(keys.sent.size(), 1 + random.nextInt(3)));
                        append(keys, keys.sent.size() - 1);
                    }
                    case Action.SendAgain(int number, int batchesAgo) ->
                        sendAgain(clients.get(number), clients.get(number).sent.size() - batchesAgo);
                    case Action.KeyAgain() ->
                        sendAgain(keys, keys.sent.isEmpty() ? -1 : random.nextInt(keys.sent.size()));
                    case Action.Force() -> force();
                    case Action.Reopen() -> {
                        directory.close();
                        open();
                        resend();
                    }
                    case Action.DamageSnapshot() -> damageSnapshot();
                    case Action.CrashNow(Crash how) -> {
                        disk.crash(how);
                        open();
                        resend();
                    }
                    case Action.CrashLater(int nth, Crash how) -> disk.crashAt(nth, how);
                    case Action.Fail(Operation operation, int nth) -> disk.fail(operation, nth);
                }
            } catch (IOException _) {
                recover();
            }
        }

        void assertStoredOnce() throws IOException {
            Map<Long, Integer> nextSequence = new HashMap<>();
            Map<ReservedIdentity, Long> seen = new HashMap<>();
            int batches = 0;
            for (RecordBatch batch : TestBatches.headers(log)) {
                batches++;
                if (ReservedIdentity.isReserved(batch.producerId())) {
                    ReservedIdentity identity =
                            new ReservedIdentity(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
                    assertThat(seen.put(identity, batch.baseOffset())).isNull();
                } else {
                    assertThat(batch.baseSequence()).isEqualTo(nextSequence.getOrDefault(batch.producerId(), 0));
                    nextSequence.put(batch.producerId(), batch.baseSequence() + batch.count());
                }
            }
            int sent = keys.sent.size();
            for (Client client : clients) {
                sent += client.sent.size();
            }
            assertThat(batches).isEqualTo(sent);
        }

        private void sendAgain(Client client, int number) throws IOException {
            if (number < 0) {
                return;
            }
            LogAppend again = log.append(client.sent.get(number), 0, 0);
            assertThat(again.isDuplicate()).isTrue();
            assertThat(again.baseOffset()).isEqualTo(client.offsets.get(number));
        }

        private void append(Client client, int number) throws IOException {
            LogAppend done = log.append(client.sent.get(number), 0, 0);
            if (!done.isDuplicate() && number < client.confirmed) {
                throw new AssertionError("What was on the disk was not known again");
            }
            client.offsets.put(number, done.baseOffset());
        }

        private void force() throws IOException {
            log.force();
            for (Client client : clients) {
                client.confirmed = client.sent.size();
            }
            keys.confirmed = keys.sent.size();
        }

        /** What a client does when the connection broke: whatever it was not told of, once more and in order. */
        private void resend() throws IOException {
            for (Client client : clients) {
                resend(client);
            }
            resend(keys);
            force();
        }

        private void resend(Client client) throws IOException {
            for (int number = client.confirmed; number < client.sent.size(); number++) {
                append(client, number);
            }
        }

        private void damageSnapshot() throws IOException {
            List<String> snapshots = disk.list(FOLDER).stream()
                    .filter(name -> name.endsWith(".snapshot"))
                    .toList();
            if (snapshots.isEmpty()) {
                return;
            }
            try (DiskFile file = disk.open(FOLDER.resolve(snapshots.get(random.nextInt(snapshots.size()))))) {
                file.write(ByteBuffer.wrap(new byte[] {(byte) random.nextInt()}), random.nextInt((int) file.size()));
            }
        }

        private static int nextSequence(Client client) {
            if (client.sent.isEmpty()) {
                return 0;
            }
            RecordBatch last = RecordBatch.of(client.sent.getLast());
            return last.baseSequence() + last.count();
        }

        private void open() throws IOException {
            directory = LogDirectory.open(disk, ROOT);
            log = directory.openLog("orders/0", CONFIG);
        }

        private void recover() throws IOException {
            for (int attempt = 0; ; attempt++) {
                if (disk.hasCrashed()) {
                    disk.restart();
                } else {
                    disk.crash(Crash.PROCESS);
                }
                try {
                    open();
                    resend();
                    return;
                } catch (IOException e) {
                    assertThat(attempt).isLessThan(20);
                }
            }
        }
    }
}
