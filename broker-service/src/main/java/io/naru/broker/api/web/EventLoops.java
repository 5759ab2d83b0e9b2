package io.naru.broker.api.web;

import java.util.concurrent.Executor;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** Finds the thread that a request's connection belongs to. */
public final class EventLoops {
    private EventLoops() {}

    /**
     * Where to finish an answer that became ready on somebody else's thread: on the event loop of the connection, which
     * would be woken for the writing anyway, so that the other thread only hands over. Without a Netty connection (in a
     * test) some thread made for short work.
     */
    public static Executor of(ServerHttpRequest request) {
        Object connection = ServerHttpRequestDecorator.getNativeRequest(request);
        return connection instanceof Connection netty ? netty.channel().eventLoop() : Schedulers.parallel()::schedule;
    }
}
