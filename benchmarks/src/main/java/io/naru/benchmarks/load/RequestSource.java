package io.naru.benchmarks.load;

import java.nio.ByteBuffer;

/** Gives each request of a load its bytes. Called under the load's lock. */
@FunctionalInterface
public interface RequestSource {

    /**
     * The bytes of a request, from position to limit; they must stay as they are until the request is answered.
     *
     * @param number of the request, from 0, each once
     * @param connection number of the connection that sends it
     */
    ByteBuffer request(long number, int connection);

    /** The same bytes every time. */
    static RequestSource same(byte[] request) {
        return (_, _) -> ByteBuffer.wrap(request);
    }
}
