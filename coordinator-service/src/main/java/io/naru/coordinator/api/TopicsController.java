package io.naru.coordinator.api;

import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.cluster.TopicId;
import io.naru.cluster.protocol.TopicCommand;
import io.naru.coordinator.control.Command;
import io.naru.coordinator.decider.Commands;
import io.naru.coordinator.decider.Committed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Brokers ask for topics to be made, changed and ended, on behalf of users. */
@RestController
@Tag(name = "Topics", description = "Brokers make, change and end topics on behalf of users")
@RequestMapping("/internal/topics")
public final class TopicsController {
    private final Commands commands;
    private final Duration limit;

    /** @param limit longest wait for the quorum's confirmation */
    public TopicsController(Commands commands, Duration limit) {
        this.commands = commands;
        this.limit = limit;
    }

    @Operation(
            operationId = "createTopic",
            summary = "Make a topic",
            description = "Answers once the topic is decided and applied.")
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    TopicCommand.Done create(@RequestBody TopicCommand.Create wish) {
        requirePresent("name", wish.name());
        return done(new Command.CreateTopic(wish));
    }

    @Operation(
            operationId = "alterTopic",
            summary = "Change a topic's configs, or raise its partition count",
            description = "A config with null goes back to its default. Partitions are never taken away.")
    @PostMapping(path = "/{name}/alteration", consumes = MediaType.APPLICATION_JSON_VALUE)
    TopicCommand.Done alter(@PathVariable String name, @RequestBody TopicCommand.Alter wish) {
        return done(new Command.AlterTopic(name, wish));
    }

    @Operation(operationId = "deleteTopic", summary = "End a topic and everything in it")
    @PostMapping(path = "/{name}/deletion", consumes = MediaType.APPLICATION_JSON_VALUE)
    TopicCommand.Done delete(@PathVariable String name, @RequestBody TopicCommand.Delete wish) {
        return done(new Command.DeleteTopic(name, wish));
    }

    /** JSON may leave out what the record promises. */
    private static void requirePresent(String field, @Nullable Object value) {
        if (value == null) {
            throw new NaruException(ErrorCode.INVALID_REQUEST, "A topic needs a " + field + ".");
        }
    }

    private TopicCommand.Done done(Command<TopicId> command) {
        Committed<TopicId> committed = commands.execute(command, limit);
        return new TopicCommand.Done(committed.response(), committed.version());
    }
}
