package io.naru.broker.api.web;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Runs calls that block on virtual threads, so that the event loops never wait. Thread-safe. */
public final class BlockingCalls implements AutoCloseable {
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("naru-call-", 0).factory());
    private final Scheduler scheduler = Schedulers.fromExecutorService(threads);

    /** The call's answer or failure, on a virtual thread; a cancelled call is interrupted. */
    public <T> Mono<T> run(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(scheduler).onErrorMap(BlockingCalls::wasGivenUp, _ -> stopping());
    }

    private static boolean wasGivenUp(Throwable failure) {
        return failure instanceof InterruptedException || failure instanceof CancellationException;
    }

    /** Where it was the client who gave up, nobody is left to be told. */
    private static NaruException stopping() {
        return new NaruException(ErrorCode.SHUTTING_DOWN, "The broker is stopping. Ask again, here or another broker.");
    }

    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }
}
