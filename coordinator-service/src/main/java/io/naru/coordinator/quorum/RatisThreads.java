package io.naru.coordinator.quorum;

/**
 * The threads of one Ratis server. When the server closes, some of them trip over what has been closed before them;
 * that is no news. At any other time it is.
 */
final class RatisThreads extends ThreadGroup {
    private static final System.Logger LOG = System.getLogger(RatisThreads.class.getName());

    private volatile boolean ending;

    RatisThreads() {
        super("metadata-quorum");
    }

    /** The server is about to close. */
    void expectEnd() {
        ending = true;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        System.Logger.Level level = ending ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR;
        LOG.log(level, () -> "Thread " + thread.getName() + " of the metadata quorum ended", failure);
    }
}
