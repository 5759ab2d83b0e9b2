package io.naru.commitlog.snapshot;

import java.io.IOException;

/** The bytes are not those of a snapshot that this build has written. */
final class DamagedSnapshotException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedSnapshotException(String message) {
        super(message);
    }
}
