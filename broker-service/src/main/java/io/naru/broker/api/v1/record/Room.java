package io.naru.broker.api.v1.record;

/** Where the memory comes from that records are read into and written out as. Used by one thread at a time. */
public interface Room {
    /** Memory that is not counted, for what is bounded otherwise. */
    Room UNCOUNTED = new Room() {
        @Override
        public void take(int bytes) {}

        @Override
        public void giveBack(int bytes) {}
    };

    /**
     * To be called before bytes are allocated.
     *
     * @throws io.naru.cluster.NaruException {@code OVERLOADED} when there is no room; none are taken then
     */
    void take(int bytes);

    /** To be called when bytes that were taken are no longer referred to. */
    void giveBack(int bytes);
}
