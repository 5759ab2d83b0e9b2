package io.naru.coordinator.decider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands that were decided together and await one outcome. Owned by the deciding thread.
 */
final class Round {
    private final List<PendingCommand<?>> commands;
    private final @Nullable PendingCommand<?> continued;
    private final boolean recording;
    private @Nullable AppendOutcome outcome;

    /**
     * @param commands answered once this round is applied
     * @param continued a command of which only a part is in this round; the last part answers it
     * @param recording whether there is an entry, whose expected version guards what it was decided on
     */
    Round(List<PendingCommand<?>> commands, @Nullable PendingCommand<?> continued, boolean recording) {
        this.commands = List.copyOf(commands);
        this.continued = continued;
        this.recording = recording;
    }

    List<PendingCommand<?>> commands() {
        return commands;
    }

    @Nullable
    PendingCommand<?> continued() {
        return continued;
    }

    boolean isRecording() {
        return recording;
    }

    @Nullable
    AppendOutcome outcome() {
        return outcome;
    }

    void settle(AppendOutcome settled) {
        outcome = settled;
    }
}
