package io.naru.coordinator.decider;

/** What became of an entry handed to the quorum. */
public sealed interface AppendOutcome {
    /** A majority has it and this coordinator has applied it; {@link MetadataQuorum#image()} shows it. */
    record Applied(long version) implements AppendOutcome {}

    /** It was passed over, because it was decided on something else than what it met. */
    record Mismatched(long version) implements AppendOutcome {}

    /** It is not in the log and never will be. */
    record Refused(String reason) implements AppendOutcome {}

    /** Nobody can say: leadership or the quorum went away while it was under way. It may still be applied. */
    record Unknown(String reason) implements AppendOutcome {}
}
