package io.naru.broker.api.web;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;

/** Finds the thread that a request's connection belongs to. */
public final class EventLoops {
    private EventLoops() {}

    /**
     * Where to finish an answer that became ready on somebody else's thread: on the event loop of the connection, which
     * would be woken for the writing anyway, so that the other thread only hands over. Timers of the request belong
     * there too. Without a Netty connection it is a thread that all such requests share.
     */
    public static EventExecutor of(ServerHttpRequest request) {
        Object connection = ServerHttpRequestDecorator.getNativeRequest(request);
        return connection instanceof Connection netty ? netty.channel().eventLoop() : GlobalEventExecutor.INSTANCE;
    }
}
