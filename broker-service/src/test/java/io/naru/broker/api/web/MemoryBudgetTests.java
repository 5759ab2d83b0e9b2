package io.naru.broker.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.naru.broker.api.web.MemoryBudget.Share;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryBudgetTests {
    private final MemoryBudget budget = new MemoryBudget("some.property", 1000);

    private static void assertRefused(Runnable taking) {
        assertThatExceptionOfType(NaruException.class)
                .isThrownBy(taking::run)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED))
                .withMessageContaining("1000 bytes of some.property");
    }

    @Test
    void grantsNoMoreThanThereIsToAll() {
        Share first = budget.share();
        Share second = budget.share();
        first.take(600);
        second.take(400);

        assertRefused(() -> second.take(1));
        assertThat(budget.heldBytes()).isEqualTo(1000);

        first.giveBack(100);
        second.take(100);
        first.release();
        second.release();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void grantsWhatIsLargerThanAllOfItToWhoIsAlone() {
        Share first = budget.share();
        first.take(10);
        assertRefused(() -> first.take(5000));
        first.takeNeeded(5000);

        assertRefused(() -> budget.share().takeNeeded(1));

        first.release();
        budget.share().take(1);
        Share third = budget.share();
        assertRefused(() -> third.takeNeeded(5000));
    }

    @Test
    void leavesARestToOthersHoweverManyWantMore() {
        for (int i = 0; i < 20; i++) {
            Share share = budget.share();
            while (share.tryTake(1)) {
                assertThat(budget.heldBytes()).isLessThan(1000);
            }
        }
        budget.share().take(1);
    }

    @Test
    void grantsAQuarterOfWhatOthersLeaveToWhoCouldDoWithLess() {
        Share share = budget.share();
        assertThat(share.tryTake(251)).isFalse();
        assertThat(share.tryTake(250)).isTrue();
        assertThat(share.tryTake(1)).isFalse();

        budget.share().take(600);
        assertThat(budget.share().tryTake(38)).isFalse();
        assertThat(budget.share().tryTake(37)).isTrue();
    }

    @Test
    void grantsTheEndOfWhatWasBegunInAnyCase() {
        Share share = budget.share();
        share.take(1000);
        share.takeAnyway(20);

        assertThat(budget.heldBytes()).isEqualTo(1020);
        share.release();
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void countsMemoryUntilTheWorkOnItHasNoticedThatItsRequestEnded() throws Exception {
        Share share = budget.share();

        share.fill(() -> {
            share.take(300);
            share.release();
            assertThat(budget.heldBytes()).isEqualTo(300);
            assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> share.take(1));
            return "done";
        });

        assertThat(budget.heldBytes()).isZero();
        share.release();
        share.take(50);
        share.giveBack(20);
        assertThat(budget.heldBytes()).isZero();
        assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> share.fill(() -> "late"));
        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void givesBackNothingThatWasNotTaken() {
        Share share = budget.share();
        share.take(10);
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> share.giveBack(11));
        assertThat(budget.heldBytes()).isEqualTo(10);
    }

    @Test
    void holdsNothingInTheEndHoweverTheEndMeetsTheWork() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            for (int round = 0; round < 2000; round++) {
                Share share = budget.share();
                Future<?> end = threads.submit(share::release);
                try {
                    share.fill(() -> takeSome(share));
                } catch (CancellationException _) {
                    // The end came first.
                }
                end.get();
                assertThat(budget.heldBytes()).isZero();
            }
        }
    }

    private static boolean takeSome(Share share) {
        for (int i = 1; i < 50; i++) {
            share.takeAnyway(i);
        }
        return true;
    }
}
