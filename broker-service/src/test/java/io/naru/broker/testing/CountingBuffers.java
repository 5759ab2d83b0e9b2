package io.naru.broker.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/** Allocates as the server does, and knows which buffers nobody has released. Thread-safe. */
public final class CountingBuffers extends NettyDataBufferFactory {
    private final Queue<ByteBuf> allocated = new ConcurrentLinkedQueue<>();

    public CountingBuffers() {
        super(UnpooledByteBufAllocator.DEFAULT);
    }

    @Override
    public NettyDataBuffer allocateBuffer(int initialCapacity) {
        NettyDataBuffer buffer = super.allocateBuffer(initialCapacity);
        allocated.add(buffer.getNativeBuffer());
        return buffer;
    }

    /** How many buffers are held by somebody. */
    public long unreleased() {
        return allocated.stream().filter(buffer -> buffer.refCnt() > 0).count();
    }

    /** How many were ever allocated. */
    public int allocatedCount() {
        return allocated.size();
    }
}
