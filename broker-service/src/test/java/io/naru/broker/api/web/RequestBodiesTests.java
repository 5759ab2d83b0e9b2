package io.naru.broker.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.cluster.NaruException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The account of what all requests hold. */
class RequestBodiesTests {
    private final RequestBodies bodies =
            new RequestBodies(new HttpLimits(100_000, 10, 10, 100_000, Duration.ofSeconds(1)));

    @Test
    void allRequestsShareOneBound() {
        RequestBodies.Share first = bodies.share();
        RequestBodies.Share second = bodies.share();
        first.take(60_000);
        second.take(40_000);

        assertThatThrownBy(() -> second.take(1))
                .isInstanceOf(NaruException.class)
                .hasMessageContaining("http.max-bodies-bytes");
        assertThat(bodies.heldBytes()).isEqualTo(100_000);

        first.giveBack(10_000);
        second.take(10_000);
        assertThat(bodies.heldBytes()).isEqualTo(100_000);
    }

    /** A chunk that was on its way while a time-out gave the body up must not be held for ever. */
    @Test
    void whatComesAfterTheReleaseIsNotCounted() {
        RequestBodies.Share share = bodies.share();
        share.take(60_000);
        share.release();

        share.take(30_000);
        share.giveBack(5_000);
        share.release();

        assertThat(bodies.heldBytes()).isZero();
    }
}
