package io.naru.broker.api.web;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose client takes nothing of what is being sent to it, so that nobody can keep the memory of an
 * answer, or the place of a stream, by not reading. What counts is whether the operating system takes bytes, not
 * whether an answer comes to its end: a slow reader may take as long as it likes. A connection with nothing to send is
 * never ended. One for each connection, next to the socket; confined to its event loop.
 */
public final class StallTimeout extends ChannelOutboundHandlerAdapter {
    private static final Logger LOG = System.getLogger(StallTimeout.class.getName());

    /** How often a pending write is looked at within the time-out. */
    private static final int LOOKS = 4;

    private final long timeoutNanos;
    private final Counter stalled;
    private final ChannelFutureListener onWritten = this::written;
    private @Nullable Future<?> nextLook;
    private long movedNanos;
    private long writes;
    private long writesSeen;
    private long progressSeen;

    /**
     * The time-out of one connection.
     *
     * @param timeout after so long without a byte taken the connection is closed, at the latest a quarter later
     * @param stalled counts connections that were closed
     */
    public StallTimeout(Duration timeout, Counter stalled) {
        this.timeoutNanos = timeout.toNanos();
        this.stalled = stalled;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (nextLook == null) {
            movedNanos = System.nanoTime();
            lookAgain(context);
        }
        ChannelPromise told = promise.unvoid();
        told.addListener(onWritten);
        var _ = context.write(message, told);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        Future<?> next = nextLook;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void written(ChannelFuture done) {
        if (done.isSuccess()) {
            writes++;
        }
    }

    private void lookAgain(ChannelHandlerContext context) {
        nextLook = context.executor().schedule(() -> look(context), timeoutNanos / LOOKS, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        nextLook = null;
        ChannelOutboundBuffer pending = context.channel().unsafe().outboundBuffer();
        if (pending == null || pending.totalPendingWriteBytes() == 0) {
            return;
        }
        long now = System.nanoTime();
        long progress = pending.currentProgress();
        boolean notOffered = pending.isEmpty();
        if (notOffered || writes != writesSeen || progress != progressSeen) {
            writesSeen = writes;
            progressSeen = progress;
            movedNanos = now;
        } else if (now - movedNanos >= timeoutNanos) {
            end(context.channel());
            return;
        }
        lookAgain(context);
    }

    private void end(Channel channel) {
        LOG.log(
                Level.DEBUG,
                () -> "The client at " + channel.remoteAddress() + " took nothing for "
                        + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms; its connection is closed");
        stalled.increment();
        try {
            // Otherwise the operating system would go on offering what lies in its own buffers.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            LOG.log(Level.DEBUG, "The connection was closed by its client meanwhile", e);
        }
        var _ = channel.close();
    }
}
